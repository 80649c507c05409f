"""Shares and their confidence intervals."""

from math import sqrt

_Z = 1.959964


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share of `n` (above 0), from 0.0 to 1.0."""
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # Rounding must not leave the share itself outside.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
