"""Notifications: what people are told, on their page and by e-mail."""
