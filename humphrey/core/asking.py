"""What kind of question was asked, and what is to be done with a text that came with it. Rules, and no model.

Only what plainly wants no guidance gets a reply of its own: where in doubt a question is about guidance, because a
ready reply to a real question is worse than a search that finds nothing.
"""

from dataclasses import dataclass

from humphrey.core.kinds import QuestionKind, kind_of
from humphrey.core.orders import orders
from humphrey.core.tasks import Task, task_of, task_on_files, wants_text

__all__ = ["Asked", "QuestionKind", "Task", "asked", "orders"]


@dataclass(frozen=True)
class Asked:
    """A question, sorted. `own_text` is the text pasted for the task; empty where it is done on attached files."""

    kind: QuestionKind
    task: Task = ""
    own_text: str = ""


def asked(question: str, *, attached: bool = False) -> Asked:
    """The question, sorted; `attached`: files were given to its conversation.

    A task with neither a text nor files is one whose text was forgotten.
    """
    task, own_text = task_of(question)
    if not task:
        task = task_on_files(question) if attached else wants_text(question)
    if task:
        return Asked("drafting", task, own_text)
    kind = kind_of(question)
    # Whom a file names is for the file to say.
    return Asked("guidance" if attached and kind == "named_person" else kind)
