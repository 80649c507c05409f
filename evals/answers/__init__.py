"""Whether quotations of the embedded model contain the answer, and whether it knows when the guidance has none."""
