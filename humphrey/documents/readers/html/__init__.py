"""Read HTML: its nodes, its tables, and what of a page is seen."""
