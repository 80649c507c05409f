"""Entry point of the evaluations: `python -m evals NAME`, such as `retrieval` or `fidelity`."""

import argparse

from evals.answers import run as answers
from evals.dates import run as dates
from evals.documents import run as documents
from evals.facts import run as facts
from evals.fidelity import run as fidelity
from evals.followups import run as followups
from evals.injection import run as injection
from evals.models import run as models
from evals.retrieval import run as retrieval
from evals.scenarios import run as scenarios
from evals.sentences import run as sentences
from evals.structure import run as structure
from evals.summaries import run as summaries


def main() -> None:
    """Run the named evaluation."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    tasks = parser.add_subparsers(required=True, metavar="TASK")
    retrieval.arguments(tasks.add_parser("retrieval", description=retrieval.__doc__, help="what is found first"))
    fidelity.arguments(tasks.add_parser("fidelity", description=fidelity.__doc__, help="what comes out of Word files"))
    documents.arguments(
        tasks.add_parser("documents", description=documents.__doc__, help="what is read of hard documents")
    )
    sentences.arguments(tasks.add_parser("sentences", description=sentences.__doc__, help="what the checks notice"))
    dates.arguments(tasks.add_parser("dates", description=dates.__doc__, help="which of several days is counted from"))
    answers.arguments(tasks.add_parser("answers", description=answers.__doc__, help="what the embedded model answers"))
    scenarios.arguments(
        tasks.add_parser("scenarios", description=scenarios.__doc__, help="which everyday questions are answered")
    )
    followups.arguments(
        tasks.add_parser("followups", description=followups.__doc__, help="which follow-ups keep their subject")
    )
    facts.arguments(tasks.add_parser("facts", description=facts.__doc__, help="which key facts an answer holds"))
    injection.arguments(
        tasks.add_parser("injection", description=injection.__doc__, help="what text from outside does")
    )
    models.arguments(tasks.add_parser("models", description=models.__doc__, help="two models compared"))
    summaries.arguments(tasks.add_parser("summaries", description=summaries.__doc__, help="what a summary holds"))
    structure.arguments(tasks.add_parser("structure", description=structure.__doc__, help="the layout in figures"))
    asked = parser.parse_args()
    asked.run(asked)


if __name__ == "__main__":
    main()
