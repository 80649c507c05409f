"""Work on the asker's own text: summary, key points, actions, redraft."""
