"""Who sees the file of a conversation: its owner, the person who clears a draft that cites it, and nobody else."""

from dataclasses import replace

import pytest

from humphrey.accounts.model import Person
from humphrey.clearance.model import Review
from humphrey.clearance.queue import QueueQuery
from humphrey.cli import cli
from humphrey.errors import CommissionError, IdentityError, NotPermitted
from tests.conversations.attachment_office import PASSWORD, Office

MOVE = "When does the press office move to Leeds?"


@pytest.fixture
def sent(office: Office) -> Office:
    """An office where amina attached a file and sent an answer from it for clearance."""
    office.attach()
    office.humphrey.clearance.send(
        office.humphrey.conversations.save(office.ask(MOVE), office.conversation).id, "amina"
    )
    return office


def test_nobody_else_finds_lists_or_reads_it_and_its_owner_only_in_that_conversation(office: Office):
    held = office.attach()
    other = office.humphrey.conversations.new_conversation("amina").id
    library, access = office.humphrey.library, office.humphrey.access

    for name in ("amina", "tom", "grace", "david"):
        groups = office.person(name).groups
        assert held.document not in {hit.passage.document for hit in library.search(MOVE, 50, groups)}
        assert held.document not in {each.id for each in library.list_documents(groups)}
        assert not library.may_read(held.document, groups)
        assert access.may_read(held.document, office.person(name)) is (name == "amina")
    assert held.document not in office.cites(office.ask(MOVE, conversation=other))
    assert held.document not in office.cites(office.ask(MOVE, by="tom", conversation=""))


@pytest.mark.parametrize("by", ["tom", "grace", "command line"])
def test_naming_another_persons_conversation_group_or_file_gives_nothing_of_it(office: Office, by):
    held = office.attach()
    groups = (f"attached:{office.conversation}",)

    draft = office.ask(MOVE, by=by, groups=groups)
    assert held.document not in office.cites(draft)
    assert (draft.commission.attached, set(draft.commission.groups) & set(groups)) == ((), set())
    with pytest.raises(CommissionError, match="no file 'attached/"):
        office.ask(MOVE, by=by, attached=(held.document,))
    for act in (
        lambda: office.humphrey.attachments.files(office.conversation, by),
        lambda: office.humphrey.attachments.remove(held.id, by),
        lambda: office.humphrey.attachments.remove_conversation(office.conversation, by),
        lambda: office.attach("Other words.", "other.txt", owner=by),
    ):
        with pytest.raises(CommissionError, match="you have no"):
            act()
    assert office.humphrey.attachments.files(office.conversation, "amina") == [held]


def test_a_file_of_another_conversation_of_ones_own_cannot_be_named(office: Office):
    held = office.attach()
    other = office.humphrey.conversations.new_conversation("amina").id

    with pytest.raises(CommissionError, match="no file"):
        office.ask(MOVE, conversation=other, attached=(held.document,))


def queued(office: Office, reviewer: str) -> list[Review]:
    """The drafts on a reviewer's queue."""
    rows = office.humphrey.assignment.queue(reviewer, QueueQuery()).rows
    return [office.humphrey.clearance.review(row.id) for row in rows]


def test_a_reviewer_of_a_draft_that_cites_it_reads_the_file_and_decides(sent: Office):
    clearance, access = sent.humphrey.clearance, sent.humphrey.access
    [review] = queued(sent, "grace")
    [cited] = [each for each in review.draft.citations if each.document.startswith("attached/")][:1]

    assert clearance.review_to_clear(review.id, "grace") == review
    assert access.may_read(cited.document, sent.person("grace"), cited.version)
    assert not access.may_read(cited.document, sent.person("tom"), cited.version)
    assert not access.may_read(cited.document, sent.person("tom"))
    assert cited.document not in {each.id for each in sent.humphrey.library.list_documents(sent.person("grace").groups)}
    assert clearance.decide(review.id, "approve", "grace", review.draft.digest).state == "released"


def test_an_official_does_not_open_what_cites_another_persons_file(sent: Office):
    [review] = queued(sent, "grace")

    with pytest.raises(NotPermitted, match="it takes the reviewer role"):
        sent.humphrey.clearance.review_to_clear(review.id, "tom")


def test_a_reviewer_reads_no_other_file_of_the_conversation(sent: Office):
    other = sent.attach("# Budget\n\nThe budget is 5 million pounds.\n", "budget.md")

    assert not sent.humphrey.access.may_read(other.document, sent.person("grace"))


def test_a_reviewer_who_may_not_read_what_else_the_draft_cites_reads_neither(sent: Office):
    [review] = queued(sent, "david")
    [cited] = [each for each in review.draft.citations if each.document.startswith("attached/")][:1]
    (sent.data / "pay.md").write_text("# Pay\n\nPay day is the 25th.\n", encoding="utf-8")
    sent.humphrey.library.index([sent.data / "pay.md"], audience=frozenset({"hr"}))
    pay = sent.humphrey.library.document("pay")
    beside = replace(cited, marker="9", document="pay", version=pay.version, quote=pay.text[:3], start=0, end=3)
    held = sent.attach("# Budget\n\nThe budget is 5 million pounds.\n", "budget.md")
    budget = replace(cited, document=held.document, version=sent.humphrey.library.document(held.document).version)
    draft = replace(review.draft, citations=(budget, beside))
    sent.humphrey.clearance.open_review(draft)

    assert [len(queued(sent, name)) for name in ("grace", "david")] == [1, 2]
    assert not sent.humphrey.access.may_read(held.document, sent.person("grace"))
    assert sent.humphrey.access.may_read(held.document, sent.person("david"))


def test_everybody_reads_guidance_as_before(office: Office):
    assert office.humphrey.access.may_read("leave", office.person("tom"))
    assert not office.humphrey.access.may_read("nothing", office.person("tom"))


@pytest.mark.parametrize("group", ["attached:1", " Attached:x"])
def test_nobody_can_be_in_a_group_that_is_kept_for_files(office: Office, group, capsys):
    with pytest.raises(IdentityError, match="reserved for files"):
        office.humphrey.accounts.add(Person("eve", ("reviewer",), (group,)), PASSWORD)
    with pytest.raises(SystemExit):
        cli(["index", "--group", group])
    assert "kept for files" in capsys.readouterr().err
