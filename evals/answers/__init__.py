"""Check that quotations of the embedded model contain the answer, and that it admits where the guidance has none."""
