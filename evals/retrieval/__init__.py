"""Whether the right passage ranks first, compared with other retrievers, on real pages and real questions."""
