"""What is measured: `python -m evals retrieval` prints a table and keeps its figures below evals/results."""

import argparse

from evals.retrieval import run as retrieval


def main() -> None:
    """Run the evaluation that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    tasks = parser.add_subparsers(required=True, metavar="TASK")
    retrieval.arguments(tasks.add_parser("retrieval", description=retrieval.__doc__, help="what is found first"))
    asked = parser.parse_args()
    asked.run(asked)


if __name__ == "__main__":
    main()
