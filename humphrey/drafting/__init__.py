"""From a question to a checked draft. Nothing is stored but the ledger entries of refused questions."""
