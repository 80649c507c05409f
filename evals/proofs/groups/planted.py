"""Groups with a document each, whose title and words nobody else may see, and drafts that were written from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import get_args

from evals.proofs.scene import FIRST_WORDING, NOTE, add_with_own_passwords, asking, drafted, furnish, joined
from evals.proofs.serving import PASSWORD
from humphrey.accounts.model import Person, Role
from humphrey.app.container import Humphrey
from humphrey.clearance.model import Review
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, split
from humphrey.guidance import store as document_store
from humphrey.papers.draft import Citation, Commission, Draft, DraftRequest, GivenDocument, OnText
from humphrey.papers.given import turn_of
from humphrey.records.disclosure.model import SearchCriteria

WAYS = ("cited", "opened", "looked_at", "earlier", "amended")
"""The ways in which a group's words reach a draft.

`cited`: the draft quotes the document. `opened`: it says the words and cites another document. `looked_at`: it has the
document's title among those looked at. `earlier`: an answer before it in the conversation quotes the document.
`amended`: its first wording quoted the document, and the present one does not.
"""


@dataclass(frozen=True)
class Group:
    """A group, with a word that is in the title of its document alone and one that is in its text alone."""

    name: str
    title_word: str
    text_word: str

    @property
    def sentence(self) -> str:
        """Return the only sentence of its document."""
        return f"The harbour office keeps {self.text_word} for twenty working days."

    @property
    def document(self) -> Document:
        """Return its document."""
        imprint = replace(NOTE.imprint, title=f"Notes on {self.title_word}", url="")
        return Document(f"notes/{self.name}", imprint, f"{self.sentence}\n")

    @property
    def asker(self) -> str:
        """Return the name of the member who asks."""
        return f"asker of {self.name}"


@dataclass(frozen=True)
class Planted:
    """A review that rests on the document of a group; `way` says how."""

    group: Group
    way: str
    review: str


def groups(count: int) -> list[Group]:
    """Return some groups, with words that no other text has."""
    return [Group(f"group-{n}", f"zanthor{n}plate", f"quibble{n}moor") for n in range(count)]


def people(of: Sequence[Group]) -> list[Person]:
    """Return a person of every role in every group and in none, and an asker in each group."""
    both = ("OFFICIAL", "OFFICIAL-SENSITIVE")
    names = [(each.name, (each.name,)) for each in of] + [("none", ())]
    staff = [
        Person(f"{role} of {name}", (role,), groups, markings=both) for name, groups in names for role in get_args(Role)
    ]
    return [*staff, *(Person(each.asker, ("official",), (each.name,)) for each in of)]


def plant(folder: Path, of: Sequence[Group], ways: Sequence[str]) -> tuple[list[Planted], list[str]]:
    """Fill a data folder; return the reviews that rest on groups' documents, and the ids of the disclosure packs.

    Half of the reviews wait. The other half were approved by a member of the group, and have left.
    """
    writer = _Writer(of)
    humphrey = joined(folder, draft=writer)
    furnish(humphrey)
    _keep_documents(humphrey, of)
    add_with_own_passwords(humphrey, people(of), PASSWORD)
    planted = [each for group in of for way in ways for each in _sent(humphrey, group, way)]
    packs = [_pack(humphrey, group) for group in of]
    humphrey.close()
    return planted, packs


class _Writer:
    """The drafter: it writes from the document of a group as the last word of a question says."""

    def __init__(self, of: Sequence[Group]) -> None:
        self._groups = {each.name: each for each in of}

    def __call__(self, request: DraftRequest, watch: OnText) -> Draft:
        """Return the draft."""
        watch("")
        *_, group, way = request.commission.text.split()
        return _written(request.commission, self._groups[group], way)


def _written(commission: Commission, group: Group, way: str) -> Draft:
    plain, document = drafted(commission), group.document
    given = (GivenDocument(document.id, document.version, document.imprint.title),)
    if way in {"cited", "amended"}:
        return replace(plain, text=f"{group.sentence} [1]", citations=(_cited(document, group.sentence),), given=given)
    if way == "opened":
        return replace(plain, text=f"{FIRST_WORDING}\n\n{group.sentence} [1]", given=given)
    looked_at = ((document.id, document.imprint.title),) if way == "looked_at" else ()
    return replace(plain, looked_at=looked_at, given=given if looked_at else (), status="partial")


def _cited(document: Document, quote: str) -> Citation:
    title, start = document.imprint.title, document.text.index(quote)
    return Citation("1", document.id, document.version, title, "", (), quote, start, start + len(quote))


def _keep_documents(humphrey: Humphrey, of: Sequence[Group]) -> None:
    at: datetime = humphrey.clearance._now()
    with humphrey.database.transaction() as tx:
        for each in of:
            source = SourceFile(f"notes//{each.name}.md", "sha256:none")
            document_store.save(tx, each.document, split(each.document), source, frozenset({each.name}), at)


def _sent(humphrey: Humphrey, group: Group, way: str) -> Iterator[Planted]:
    for leaves in (False, True):
        review = _asked(humphrey, group, way)
        by = f"reviewer of {group.name}"
        if way == "amended":
            review = humphrey.clearance.amend(review.id, FIRST_WORDING, group.asker)
        if leaves and not review.draft.blocked:
            humphrey.clearance.decide(review.id, "approve", by, review.draft.digest)
            humphrey.delivery.deliver("file")
        else:
            humphrey.assignment.comment(review.id, by, f"Is {group.text_word} right?")
        yield Planted(group, way, review.id)


def _asked(humphrey: Humphrey, group: Group, way: str) -> Review:
    """Ask in a conversation, whose first answer quotes the group's document where the way is `earlier`."""
    first = asking(group.asker, "file", about=f"{group.name} {'cited' if way == 'earlier' else way}")
    exchange = humphrey.conversations.save(humphrey.drafting.compose(first), None)
    if way == "earlier":
        second = asking(group.asker, "file", about=f"{group.name} public")
        along = replace(second, conversation=exchange.conversation, earlier=(turn_of(exchange.draft),))
        exchange = humphrey.conversations.save(humphrey.drafting.compose(along), exchange.conversation)
    return humphrey.clearance.send(exchange.id, group.asker, "file")


def _pack(humphrey: Humphrey, group: Group) -> str:
    criteria = SearchCriteria(words=group.text_word)
    officer = f"disclosure_officer of {group.name}"
    return humphrey.disclosure.open(officer, criteria, "foi", f"F-{group.name}").id
