"""The pages of the guidance."""
