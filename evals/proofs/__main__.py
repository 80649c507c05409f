"""Entry point of the proofs: `python -m evals.proofs race --reviews 500`; each prints its counts, exit 1 if broken."""

import argparse

from evals.proofs import (
    alter,
    crowd,
    disguise,
    exhaustion,
    forgery,
    hostile,
    kill,
    race,
    reach,
    readers,
    sequences,
    takeover,
)
from evals.proofs.accounts import collusion
from evals.proofs.fuzz import proof as fuzz


def main() -> None:
    """Run the named proof."""
    parser = argparse.ArgumentParser(prog="python -m evals.proofs", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="NAME")
    alter.arguments(names.add_parser("alter", description=alter.__doc__, help="bytes changed in what is stored"))
    collusion.arguments(
        names.add_parser("collusion", description=collusion.__doc__, help="accounts that are one person")
    )
    crowd.arguments(names.add_parser("crowd", description=crowd.__doc__, help="fifty people, ten thousand reviews"))
    forgery.arguments(names.add_parser("forgery", description=forgery.__doc__, help="rows and entries forged"))
    disguise.arguments(
        names.add_parser("disguise", description=disguise.__doc__, help="words that are not what they seem")
    )
    fuzz.arguments(names.add_parser("fuzz", description=fuzz.__doc__, help="requests made up from the OpenAPI"))
    hostile.arguments(names.add_parser("hostile", description=hostile.__doc__, help="what attackers send"))
    kill.arguments(names.add_parser("kill", description=kill.__doc__, help="processes killed on the way"))
    race.arguments(names.add_parser("race", description=race.__doc__, help="processes race for the same reviews"))
    reach.arguments(names.add_parser("reach", description=reach.__doc__, help="groups' words before all other people"))
    exhaustion.arguments(
        names.add_parser("exhaustion", description=exhaustion.__doc__, help="what would use up the server")
    )
    hostile.arguments(names.add_parser("hostile", description=hostile.__doc__, help="what attackers send"))
    kill.arguments(names.add_parser("kill", description=kill.__doc__, help="processes killed on the way"))
    race.arguments(names.add_parser("race", description=race.__doc__, help="processes race for the same reviews"))
    readers.arguments(names.add_parser("readers", description=readers.__doc__, help="the readers of files, fuzzed"))
    sequences.arguments(
        names.add_parser("sequences", description=sequences.__doc__, help="random acts by random people")
    )
    takeover.arguments(
        names.add_parser("takeover", description=takeover.__doc__, help="files that call themselves by another's id")
    )
    asked = parser.parse_args()
    raise SystemExit(asked.run(asked))


if __name__ == "__main__":
    main()
