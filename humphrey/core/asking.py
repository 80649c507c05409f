"""What kind of question was asked, and what is to be done with a text that came with it. Rules, and no model."""

from dataclasses import dataclass
from typing import Literal

QuestionKind = Literal[
    "guidance",
    "drafting",
    "calculation",
    "small_talk",
    "about_humphrey",
    "legal_advice",
    "party_politics",
    "named_person",
    "emergency",
]
"""What a question wants; everything but guidance, drafting and calculation has a reply of its own."""

Task = Literal["", "summary", "key_points", "actions", "people", "dates", "redraft"]
"""What is to be done with a text of the asker's own, pasted or attached; empty: answer from guidance."""


@dataclass(frozen=True)
class Asked:
    """A question, sorted. `own_text` is the text pasted for the task; empty where it is done on attached files."""

    kind: QuestionKind
    task: Task = ""
    own_text: str = ""


def asked(question: str, *, attached: bool = False) -> Asked:  # noqa: ARG001 - sorted by the rules to come
    """The question, sorted; `attached`: files were given to its conversation."""
    return Asked("guidance")
