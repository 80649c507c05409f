"""Conversations: what people asked and were given, and the files they attached. Every read names the owner."""
