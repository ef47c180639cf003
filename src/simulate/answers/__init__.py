"""What is answered, typed: frozen dataclasses, one module for each question. Their serialisation is the JSON; reports put them into words."""
