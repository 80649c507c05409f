"""Proofs of what humphrey promises of clearance: each is a script that tries to break it and prints its counts."""
