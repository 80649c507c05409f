"""Reading in a child process: a file that would crash, fill the memory or take for ever ends the child, not humphrey."""
