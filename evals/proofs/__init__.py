"""What humphrey promises of clearance, shown by trying to break it: each proof is a script that prints its counts."""
