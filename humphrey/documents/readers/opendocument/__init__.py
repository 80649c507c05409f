"""Read OpenDocument texts, with the numbers that a reader sees."""
