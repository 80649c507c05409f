"""The JSON routes below `/api/v1`."""
