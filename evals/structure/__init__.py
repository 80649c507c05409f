"""How a checkout is laid out: folders, history, names, prose. It reads source text and git, and imports no humphrey."""
