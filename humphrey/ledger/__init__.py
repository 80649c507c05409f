"""The ledger: sealed entries, signed heads and their publication. Entries are only ever added."""
