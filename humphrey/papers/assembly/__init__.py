"""The text of a paper put together from its kind and its facts: wording, forms of address, computed values."""
