"""Notifications: messages to people about drafts, on their page and by e-mail."""
