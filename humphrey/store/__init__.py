"""The database: the only place with SQL in it. An act and its ledger entry commit together or not at all."""
