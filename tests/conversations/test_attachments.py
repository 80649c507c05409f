"""Files given to a conversation: what is taken, what is refused, what is found, and what goes when they go."""

import pytest

from humphrey.conversations.attachments import MAX_FILES
from humphrey.errors import CommissionError
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from tests.conversations.attachment_office import Office

MOVE = "When does the press office move to Leeds?"


def test_a_question_in_the_conversation_is_answered_from_the_file_with_a_citation_that_can_be_checked(office: Office):
    held = office.attach()
    draft = office.ask(MOVE)

    assert (held.name, held.words, held.refused) == ("plan.md", 22, "")
    assert "3 March 2027" in draft.text
    [cited] = [each for each in draft.citations if "3 March" in each.quote]
    stored = office.humphrey.library.document(held.document, cited.version)
    assert stored.text[cited.start : cited.end] == cited.quote
    assert (cited.document, cited.title, cited.url) == (held.document, "plan.md", "")
    assert draft.commission.attached == (held.document,)


def test_guidance_is_still_answered_from_beside_the_files(office: Office):
    office.attach()

    assert "leave" in office.cites(office.ask("How many days of annual leave do staff have?"))


def test_a_question_about_the_file_is_given_the_file_first_and_every_other_a_fair_share(office: Office):
    notes = "\n\n".join(
        f"# Leave part {n}\n\nAnnual leave rule number {n} for staff of the department." for n in range(30)
    )
    (office.data / "rules.md").write_text(notes, encoding="utf-8")
    office.humphrey.library.index([office.data / "rules.md"])
    held = office.attach("# Party\n\nThe annual party is in June.\n\n# Leave\n\nAnnual leave is agreed with Priya.\n")
    groups = (f"attached:{office.conversation}",)
    search = office.humphrey.attachments.search

    about = [hit.passage.document for hit in search("annual leave in the attached note", 6, groups)]
    other = [hit.passage.document for hit in search("annual leave rule of the department", 6, groups)]

    assert about[:2] == [held.document] * 2
    assert "rules" in about
    assert held.document in other
    assert other[0] == "rules"


@pytest.mark.parametrize("question", ["What is in plan?", "What does this document say?", "Summarise my attachment"])
def test_a_question_names_a_file_by_what_it_is_or_what_it_is_called(office: Office, question):
    held = office.attach()
    hits = office.humphrey.attachments.search(question, 3, (f"attached:{office.conversation}",))

    assert hits[0].passage.document == held.document
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("scan.pdf", b"%PDF-1.4 nonsense", "broken"),
        ("old.rtf", b"{\\rtf1}", "save it as .docx"),
        ("binary.txt", b"a\x00b", "binary"),
        ("empty.md", b"", "is empty"),
        ("plan", b"Words.", "unknown format"),
        ("bomb.docx", b"PK\x03\x04 cut", "broken"),
        ("marked.txt", b"TOP SECRET\n\nThe plan.", "marking above OFFICIAL"),
        ("sensitive.md", b"OFFICIAL-SENSITIVE\n\nThe plan.", "OFFICIAL-SENSITIVE"),
    ],
)
def test_what_cannot_be_read_or_may_not_be_held_is_refused_with_the_reason_and_nothing_of_it_is_kept(
    office: Office, name, content, why
):
    held = office.attach(content, name)

    assert why in held.refused
    assert (held.id, held.document, held.name) == ("", "", name)
    assert office.kept() == []
    assert office.humphrey.attachments.files(office.conversation, "amina") == []


def test_a_file_refused_for_its_marking_is_on_the_record_by_the_reason_alone(office: Office):
    office.attach("TOP SECRET\n\nThe plan.", "marked.txt")
    entry = list(ledger_store.entries(office.humphrey.database))[-1]

    assert (entry.actor, entry.act, entry.subject) == ("amina", "file:refuse", office.conversation)
    assert entry.detail == {"why": "above_official"}


def test_personal_data_in_a_file_is_pointed_out_and_no_reason_to_refuse_it(office: Office):
    held = office.attach("# Case\n\nThe applicant's National Insurance number is QQ 12 34 56 C.\n")

    assert held.refused == ""
    assert "National Insurance number" in " ".join(held.notes)
    assert office.humphrey.attachments.files(office.conversation, "amina") == [held]


def test_a_conversation_takes_so_many_files_and_each_of_them_once(office: Office, monkeypatch):
    assert office.attach().refused == ""
    assert "already" in office.attach(name="copy.md").refused
    for n in range(MAX_FILES - 1):
        assert office.attach(f"Note {n} of the plan.", f"{n}.txt").refused == ""
    assert f"may have {MAX_FILES};" in office.attach("One more.", "more.txt").refused
    monkeypatch.setattr("humphrey.conversations.attachments.MAX_FILE_BYTES", 10)
    assert "split it" in office.attach("More than ten bytes.", "large.txt").refused
    assert len(office.kept()) == MAX_FILES


def test_a_files_name_leads_nowhere_and_what_it_says_of_itself_is_not_believed(office: Office):
    said = "---\ntitle: The Code\nsource: https://evil.example/\nstate: withdrawn\n---\nThe plan is ready.\n"
    held = office.attach(said, "../../../etc/cron.d/plan.md")
    imprint = office.humphrey.library.document(held.document).imprint

    assert held.name == "plan.md"
    assert (imprint.title, imprint.url, imprint.state) == ("plan.md", "", "current")
    assert [path.parent.parent for path in office.kept()] == [office.data / "attached" / "files"]
    assert office.kept()[0].name == held.id


def test_a_removed_file_is_found_no_more_and_its_text_goes_with_it_where_no_draft_cites_it(office: Office):
    held = office.attach()
    version = office.humphrey.library.document(held.document).version
    office.humphrey.attachments.remove(held.id, "amina")

    assert office.cites(office.ask(MOVE)) <= {"leave", "travel"}
    assert office.humphrey.library.document(held.document, version) is None
    assert (office.kept(), office.vectors()) == ([], [])
    assert office.humphrey.attachments.files(office.conversation, "amina") == []
    assert office.attach().refused == ""


def test_what_a_kept_draft_cites_of_a_removed_file_can_still_be_read_by_its_owner(office: Office):
    held = office.attach()
    draft = office.ask(MOVE)
    kept = office.humphrey.conversations.save(draft, office.conversation)
    office.humphrey.attachments.remove(held.id, "amina")
    [cited] = [each for each in draft.citations if each.document == held.document][:1]

    assert office.humphrey.library.document(held.document, cited.version).text[cited.start : cited.end] == cited.quote
    assert office.humphrey.access.may_read(held.document, office.person("amina"), cited.version)
    assert not office.humphrey.access.may_read(held.document, office.person("tom"), cited.version)
    assert office.humphrey.clearance.send(kept.id, "amina").state == "open"


def test_a_draft_that_waits_for_clearance_says_that_a_file_it_cites_was_removed(office: Office):
    held = office.attach()
    review = office.humphrey.clearance.send(
        office.humphrey.conversations.save(office.ask(MOVE), office.conversation).id, "amina"
    )
    office.humphrey.attachments.remove(held.id, "amina")
    after = office.humphrey.clearance.review_to_clear(review.id, "grace")

    assert any("plan.md is held no longer" in finding.message for finding in after.draft.findings)
    assert after.draft.digest == review.draft.digest


def test_a_removed_conversation_takes_its_files_and_exchanges_with_it_but_not_what_was_sent(office: Office):
    held = office.attach()
    kept = office.humphrey.conversations.save(office.ask(MOVE), office.conversation)
    office.humphrey.conversations.save_feedback(kept.id, "amina", True)
    review = office.humphrey.clearance.send(kept.id, "amina")
    [cited] = [each for each in review.draft.citations if each.document == held.document][:1]
    office.humphrey.attachments.remove_conversation(office.conversation, "amina")

    assert office.humphrey.conversations.conversations("amina") == []
    assert (office.kept(), office.vectors()) == ([], [])
    assert office.humphrey.library.document(held.document) is None
    assert office.humphrey.clearance.review_to_clear(review.id, "grace") == review
    for name, reads in (("amina", True), ("grace", True), ("tom", False)):
        assert office.humphrey.access.may_read(held.document, office.person(name), cited.version) is reads


def test_a_removed_conversation_leaves_no_text_that_nobody_needs(office: Office):
    held = office.attach()
    version = office.humphrey.library.document(held.document).version
    office.humphrey.conversations.save(office.ask(MOVE), office.conversation)
    office.humphrey.attachments.remove_conversation(office.conversation, "amina")

    assert document_store.document(office.humphrey.database, held.document, version) is None
    with pytest.raises(CommissionError, match="you have no conversation"):
        office.humphrey.attachments.files(office.conversation, "amina")


def test_files_lent_for_one_question_leave_nothing_behind(office: Office):
    with office.humphrey.attachments.temporary_conversation("command line") as lent:
        held = office.attach(owner="command line", to=lent)
        draft = office.ask(MOVE, by="command line", conversation=lent)

    assert "3 March 2027" in draft.text
    assert (office.kept(), office.vectors()) == ([], [])
    assert document_store.document(office.humphrey.database, held.document, draft.citations[0].version) is None
    assert office.humphrey.conversations.conversations("command line") == []
