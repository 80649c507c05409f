"""Questions that name several days, and the day from which each limit counts."""
