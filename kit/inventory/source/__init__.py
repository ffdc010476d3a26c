"""Source facts: every file is parsed once into a record, and the records are cached."""
