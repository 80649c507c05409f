"""Two models over the same questions, compared before one takes the other's place."""
