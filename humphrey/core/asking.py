"""Classification of a question: its kind, and the task for a text that came with it. Rules decide, no model.

In doubt a question is about guidance. A standard reply to a real question is worse than a search without hits.
"""

from dataclasses import dataclass

from humphrey.core.kinds import QuestionKind, kind_of
from humphrey.core.orders import orders
from humphrey.core.tasks import Task, task_of, task_on_files, wants_text

__all__ = ["Asked", "QuestionKind", "Task", "asked", "orders"]


@dataclass(frozen=True)
class Asked:
    """A classified question. `own_text` is the pasted text for the task; empty if the task is about attached files."""

    kind: QuestionKind
    task: Task = ""
    own_text: str = ""


def asked(question: str, *, attached: bool = False) -> Asked:
    """Return the classified question.

    A task with neither a text nor files means that the asker forgot the text.

    Args:
        question: the question as typed.
        attached: whether its conversation has files.
    """
    task, own_text = task_of(question)
    if not task:
        task = task_on_files(question) if attached else wants_text(question)
    if task:
        return Asked("drafting", task, own_text)
    kind = kind_of(question)
    # An attached file may say whom it names, so a question about a person is answered from it.
    return Asked("guidance" if attached and kind == "named_person" else kind)
