"""Recognise which calculation a question asks for."""
