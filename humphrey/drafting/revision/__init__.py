"""Revise a draft by instruction, by model or by rule."""
