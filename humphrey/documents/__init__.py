"""Documents: their passages, their audiences, and the readers that make one from a file. Nothing is stored."""
