"""`python -m humphrey` is the `humphrey` command."""

from humphrey.cli import main

main()
