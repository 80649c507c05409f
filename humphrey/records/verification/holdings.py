"""What the ledger says is stored beside the reviews: documents, their versions and readers, attached files, accounts.

A database of before has one block of entries `record:adopt`, in which the upgrade entered how everything stood. What
earlier entries say of these things counts until then, and not afterwards.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from humphrey.digests import canonical
from humphrey.documents.audiences import audience_of, conversations_in, narrowed
from humphrey.ledger.model import Entry, Fault


@dataclass(frozen=True)
class Recorded:
    """A document or an account as an entry records it; `kept` is the digest of its row, empty in older entries."""

    n: int
    kept: str
    audience: str = "[]"


@dataclass(frozen=True)
class Stored:
    """What the database holds, as it is compared with the ledger.

    Attributes:
        documents: the digest of each document's row.
        editions: the readers of each version, by document and version.
        files: the conversation and the document of each attached file.
        people: the digest of each account's row.
        damaged: the versions of texts that do not have their digest.
    """

    documents: Mapping[str, str]
    editions: Mapping[tuple[str, str], str]
    files: Mapping[str, tuple[str, str]]
    people: Mapping[str, str]
    damaged: Iterable[str] = ()


@dataclass
class Holdings:
    """What should be stored, after the entries followed so far."""

    documents: dict[str, Recorded] = field(default_factory=dict)
    editions: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    people: dict[str, Recorded] = field(default_factory=dict)
    adopted: bool = False
    twice: list[Fault] = field(default_factory=list)

    def follow(self, entry: Entry) -> None:
        """Follow the next entry, in order of `n`."""
        said, name = entry.detail, entry.detail.get("document", entry.subject)
        match entry.act:
            case "document:add":
                self._take_in(name, entry, said.get("audience", "[]"))
            case "file:attach":
                self._take_in(name, entry, canonical(sorted(audience_of(said.get("conversation", "")))))
                self.files[entry.subject] = said.get("conversation", ""), name
            case "document:remove":
                self.documents.pop(name, None)
            case "file:remove":
                self.documents.pop(name, None)
                self.files.pop(entry.subject, None)
            case "conversation:remove" | "content:dispose":
                self._end_conversation(entry.subject)
            case "person:add" | "person:change" | "person:disable":
                self.people[entry.subject] = Recorded(entry.n, said.get("kept", ""))
            case "record:adopt":
                self._adopt(entry, name)

    def faults(self, stored: Stored) -> Iterator[Fault]:
        """Yield the differences between what should be stored and what is."""
        yield from self.twice
        yield from _row_faults("document", self.documents, stored.documents)
        yield from _row_faults("account", self.people, stored.people)
        yield from self._edition_faults(stored.editions)
        yield from self._file_faults(stored.files)
        for version in stored.damaged:
            yield Fault(f"the stored text {version} is not the text of that digest", subject=version)

    def _take_in(self, name: str, entry: Entry, audience: str) -> None:
        before = self.documents.get(name)
        if before is not None and before.audience != audience:
            today = frozenset(json.loads(audience))
            for version, then in self.editions[name].items():
                self.editions[name][version] = canonical(sorted(narrowed(frozenset(json.loads(then)), today)))
        self.editions[name][entry.detail.get("version", "")] = audience
        self.documents[name] = Recorded(entry.n, entry.detail.get("kept", ""), audience)

    def _end_conversation(self, conversation: str) -> None:
        for file, (of, document) in list(self.files.items()):
            if of == conversation:
                self.documents.pop(document, None)
                del self.files[file]

    def _adopt(self, entry: Entry, name: str) -> None:
        said = entry.detail
        if said.get("what") == "record":
            if self.adopted:
                self.twice.append(Fault(f"entry {entry.n} adopts what is stored a second time", entry.n, "record"))
            self.adopted = True
            for held in (self.documents, self.editions, self.files, self.people):
                held.clear()
        elif said.get("what") == "person":
            self.people[entry.subject] = Recorded(entry.n, said.get("kept", ""))
        elif said.get("what") == "version":
            self.editions[name][said.get("version", "")] = said.get("audience", "[]")
        else:
            self._take_in(name, entry, said.get("audience", "[]"))
            if "file" in said:
                self.files[said["file"]] = said.get("conversation", ""), name

    def _edition_faults(self, stored: Mapping[tuple[str, str], str]) -> Iterator[Fault]:
        expected = {(name, version): held for name, of in self.editions.items() for version, held in of.items()}
        for (name, version), audience in stored.items():
            if (name, version) not in expected:
                yield Fault(f"a version of document {name} is stored, and no entry takes it in", subject=name)
            elif expected[name, version] != audience:
                yield Fault(f"the readers of a version of document {name} are not what its entries say", subject=name)
        for (name, version), audience in expected.items():
            # The texts of removed files are deleted once no draft cites them.
            if (name, version) not in stored and not conversations_in(json.loads(audience)):
                yield Fault(f"a version of document {name} was taken in, and is not stored", subject=name)

    def _file_faults(self, stored: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
        for file in stored.keys() | self.files.keys():
            if stored.get(file) != self.files.get(file):
                yield Fault(f"attached file {file} is not what its entries say", subject=file)


def _row_faults(what: str, recorded: Mapping[str, Recorded], stored: Mapping[str, str]) -> Iterator[Fault]:
    for name, digest in stored.items():
        entry = recorded.get(name)
        if entry is None:
            yield Fault(f"{what} {name} is stored, and no entry records it", subject=name)
        elif entry.kept and entry.kept != digest:
            yield Fault(f"{what} {name} is not what entry {entry.n} records", entry.n, name)
    for name, entry in recorded.items():
        if name not in stored:
            yield Fault(f"entry {entry.n} records {what} {name}, which is not stored", entry.n, name)
