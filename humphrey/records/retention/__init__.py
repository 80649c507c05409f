"""How long words are kept, their disposal, and legal holds."""
