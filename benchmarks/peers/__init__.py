"""Programs that live the same families: what the engine is measured against.

Each has one function that fills a `Counted` for the draws of a case: the programme, and a baseline with luck of its own.
"""
