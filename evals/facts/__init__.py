"""Count the key facts of an answer, and the yes or no that it should say."""
