"""What is read of documents that are hard to read, against what is right."""
