"""Whether a changed sentence is noticed, and an unchanged one left alone."""
