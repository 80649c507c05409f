"""The ending of a proof: what did not hold, and the exit code that says so."""

from collections.abc import Sequence

_MOST = 40
"""The most breaches printed; the count says how many there were."""


def exit_code(breaches: Sequence[str]) -> int:
    """Print the first breaches, each once, and return the exit code: 1 if there is any."""
    for said in list(dict.fromkeys(breaches))[:_MOST]:
        print(said)
    return 1 if breaches else 0
