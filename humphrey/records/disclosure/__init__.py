"""Search the record and disclose what was found."""
