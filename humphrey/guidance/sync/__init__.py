"""Fetch guidance from the GOV.UK Content API. Nothing else here contacts a server."""
