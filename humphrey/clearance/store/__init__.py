"""SQL of clearance."""
