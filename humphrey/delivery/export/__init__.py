"""Export a release as a file: Word, OpenDocument, PDF, HTML or Markdown."""
