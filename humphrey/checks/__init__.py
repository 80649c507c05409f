"""Checks that a draft must pass. Plain Python; a check finds and never changes."""
