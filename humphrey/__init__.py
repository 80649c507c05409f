"""humphrey drafts cited answers and routine papers, and lets nothing leave without a second person's approval."""

__version__ = "0.1.0"
