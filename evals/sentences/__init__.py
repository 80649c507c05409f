"""Whether the checks notice a changed sentence, and leave an unchanged one alone."""
