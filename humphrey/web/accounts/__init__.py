"""Sign-in and the pages of accounts."""
