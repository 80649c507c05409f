"""Accounts: people, roles, sessions and sign-in."""
