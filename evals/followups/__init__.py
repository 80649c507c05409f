"""Check that a follow-up keeps its subject, and that a question on another subject drops it."""
