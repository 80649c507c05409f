"""Verify the record: hold what is stored against the ledger."""
