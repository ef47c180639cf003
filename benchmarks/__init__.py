"""How fast the engine is beside programs that do the same; `python -m benchmarks` measures and writes README.md."""
