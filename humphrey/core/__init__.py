"""What humphrey knows, in plain Python: no framework, no network, no clock of its own."""
