"""Scripts that measure humphrey through its desk; none of them is imported by humphrey."""
