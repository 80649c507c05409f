"""Entry point of `python -m humphrey`, which runs the `humphrey` command."""

from humphrey.cli import main

main()
