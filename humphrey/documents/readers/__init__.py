"""Readers: one module for each file format. A file gives documents or a reason why it was refused."""
