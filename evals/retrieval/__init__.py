"""Whether the right passage comes out first, against what others would use, on real pages and real questions."""
