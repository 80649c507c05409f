"""Records management: audit, verification, case files, disclosure and retention."""
