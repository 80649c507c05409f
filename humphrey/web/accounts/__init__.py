"""The sign-in pages and the account pages."""
