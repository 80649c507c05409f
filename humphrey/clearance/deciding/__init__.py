"""Decisions on drafts: what a decision on a page needs, the decision itself, and taking back an approval."""
