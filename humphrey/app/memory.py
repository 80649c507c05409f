"""The memory of the process: few heaps for its many threads."""

import ctypes

_ARENA_MAX = -8
"""The number of this parameter in glibc's `malloc.h`."""


_ARENAS = 2


def limit_heaps() -> None:
    """Let all threads share two heaps. Call it before threads start; without glibc it does nothing.

    By default glibc gives a heap to every thread, up to eight for each processor, and what one of them freed is of no
    use to the others. Python's threads run one at a time, so they do not wait for each other's heap.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_ARENA_MAX, _ARENAS)
