"""Entry point of the proofs: `python -m evals.proofs race --reviews 500`; each prints its counts, exit 1 if broken."""

import argparse

from evals.proofs import crowd, disguise, hostile, kill, race, sequences
from evals.proofs.accounts import collusion
from evals.proofs.endpoints import exhaustion_models
from evals.proofs.files import exhaustion, readers, takeover
from evals.proofs.fuzz import proof as fuzz
from evals.proofs.groups import reach
from evals.proofs.tampering import alter, forgery

_PROOFS = {
    "alter": (alter, "bytes changed in what is stored"),
    "collusion": (collusion, "accounts that are one person"),
    "crowd": (crowd, "fifty people, ten thousand reviews"),
    "disguise": (disguise, "words that are not what they seem"),
    "exhaustion": (exhaustion, "files that would use up the server"),
    "exhaustion-models": (exhaustion_models, "endpoints that never end"),
    "forgery": (forgery, "rows and entries forged"),
    "fuzz": (fuzz, "requests made up from the OpenAPI document"),
    "hostile": (hostile, "what attackers send"),
    "kill": (kill, "processes killed on the way"),
    "race": (race, "processes race for the same reviews"),
    "reach": (reach, "groups' words before all other people"),
    "readers": (readers, "the readers of files, fuzzed"),
    "sequences": (sequences, "random acts by random people"),
    "takeover": (takeover, "files that call themselves by another's id"),
}
"""The proofs by name, each with what it tries."""


def main() -> None:
    """Run the named proof."""
    parser = argparse.ArgumentParser(prog="python -m evals.proofs", description=__doc__)
    names = parser.add_subparsers(required=True, metavar="NAME")
    for name, (proof, tries) in _PROOFS.items():
        proof.arguments(names.add_parser(name, description=proof.__doc__, help=tries))
    asked = parser.parse_args()
    raise SystemExit(asked.run(asked))


if __name__ == "__main__":
    main()
