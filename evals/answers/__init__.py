"""Whether the embedded model's answers hold what answers, and whether it knows when the guidance does not."""
