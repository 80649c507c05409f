"""The extractive language model: it selects and orders sentences of the guidance."""
