"""Reading in a child process: a file that crashes, fills the memory or takes for ever ends the child, not humphrey."""
