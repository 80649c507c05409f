"""The LangChain agent that drafts. Its tools read and compute; none of them sends."""
