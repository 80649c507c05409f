"""The number of words of a text, and the most that a document may have."""

MOST_WORDS = 500_000
"""The most words of a guidance document. The longest Act of Parliament has about so many."""


_LONGEST_AVERAGE = 12
"""Characters of a word with its blank, on average, at most: English has 6, Welsh 6, a table of addresses 10."""


def count_words(text: str) -> int:
    """Return the number of words; of a text with few blanks, one for every 12 characters."""
    return max(len(text.split()), len(text) // _LONGEST_AVERAGE)
