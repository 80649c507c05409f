"""Check that questions from everyday work find the note that answers, and say plainly what no note has."""
