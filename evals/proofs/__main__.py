"""Entry point of the proofs: `python -m evals.proofs race --reviews 500`; each prints its counts, exit 1 if broken."""

import argparse

from evals.proofs import alter, crowd, exhaustion_models, hostile, kill, race, sequences


def main() -> None:
    """Run the named proof."""
    parser = argparse.ArgumentParser(prog="python -m evals.proofs", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="NAME")
    alter.arguments(names.add_parser("alter", description=alter.__doc__, help="bytes changed in what is stored"))
    crowd.arguments(names.add_parser("crowd", description=crowd.__doc__, help="fifty people, ten thousand reviews"))
    exhaustion_models.arguments(
        names.add_parser("exhaustion-models", description=exhaustion_models.__doc__, help="endpoints that never end")
    )
    hostile.arguments(names.add_parser("hostile", description=hostile.__doc__, help="what attackers send"))
    kill.arguments(names.add_parser("kill", description=kill.__doc__, help="processes killed on the way"))
    race.arguments(names.add_parser("race", description=race.__doc__, help="processes race for the same reviews"))
    sequences.arguments(
        names.add_parser("sequences", description=sequences.__doc__, help="random acts by random people")
    )
    asked = parser.parse_args()
    raise SystemExit(asked.run(asked))


if __name__ == "__main__":
    main()
