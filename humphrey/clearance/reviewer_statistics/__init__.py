"""Reviewer statistics: how long and how thoroughly drafts are read."""
