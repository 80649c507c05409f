"""Statements of the guidance: their vectors, stored before anybody asks; nothing is searched here."""
