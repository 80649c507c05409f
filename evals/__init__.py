"""Scripts that measure humphrey through its services; humphrey imports none of them."""
