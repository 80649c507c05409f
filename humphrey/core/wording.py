"""What humphrey says in its own name: sentences about an answer, which state no fact and so need no citation."""

DECIDES = "The guidance does not say yes or no to this case; these passages decide it."
"""Before the passages, where a question wants yes or no and the model can only quote."""

NEAREST = "The guidance found may answer only part of this; these passages come nearest."
"""Before the passages, where they are near the question but may not settle it."""

NOT_FOUND = "The guidance held here does not answer this question."
"""Where the best passages do not answer."""

LOOKED_AT = "The nearest guidance looked at was: "
"""Before the titles of what was searched."""

NOTICES = (DECIDES, NEAREST, NOT_FOUND, LOOKED_AT)
"""All of them."""
