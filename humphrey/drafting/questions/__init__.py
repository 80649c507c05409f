"""Look at a question: screen it, sort it by kind and recognise orders hidden in it. Plain Python."""
