"""Clearance: reviews, decisions and the gate. Nothing is sent from here."""
