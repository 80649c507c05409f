"""Find passages: embeddings, keyword ranking, vectors, and an index for each audience. An index can be rebuilt."""
