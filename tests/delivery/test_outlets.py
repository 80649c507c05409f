"""Outlets that hand over: no file gets its name, and no letter leaves, before its bytes were read back."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from humphrey.clearance.model import Review
from humphrey.database.engine import Database
from humphrey.delivery.downloads import Downloads
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.export.readback import READ_BACK
from humphrey.delivery.outlets import file
from humphrey.delivery.outlets.email import MailOutlet
from humphrey.delivery.outlets.file import FileOutlet
from humphrey.digests import digest_of
from humphrey.errors import CommissionError, NotPermitted, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.mail.model import body_of
from humphrey.mail.smtp import Mailer, MailServer
from humphrey.papers.draft import Draft, DraftRequest, ModelName
from tests.support.mail_server import Postbox, postbox, scripted
from tests.support.services import CITED, LIFE, Clock, Desk, desk_on, question

TEXT = "Dear Jo,\n\n.We must answer within “twenty working days” [1].\n\nFrom the team\n\n- one €\n- two"


TO = "jo@example.org"


TITLES = {"answer": "Answer"}


def drafter(request: DraftRequest, *_: object) -> Draft:
    return Draft(request.commission, "answered", TEXT, ModelName("test", "fixed"), (CITED,))


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock, drafter, outlets=("web", "file", "email"))


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


def by_mail(box: Postbox, clock: Clock) -> MailOutlet:
    return MailOutlet(Mailer(MailServer("127.0.0.1", box.port, "us@department.example", tls="none"), clock), TITLES)


def approved(desk: Desk, outlet: str, to: str = "") -> Review:
    review = desk.clearance.take(replace(question(outlet=outlet), reply_to=to))
    return desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)


@pytest.mark.parametrize("form", ["md", "odt", "docx", "pdf", "html"])
def test_a_file_is_written_in_the_form_that_was_asked_for_and_its_digest_is_kept(desk, database, tmp_path, form):
    review = approved(desk, "file", form)

    done = desk.deliver("file", FileOutlet(tmp_path / "released", Exporter(TITLES), "md"))

    assert [release.review for release in done.delivered] == [review.id]
    written = list((tmp_path / "released").iterdir())
    assert [path.name for path in written] == [f"{review.id}.{form}"]
    posting = desk.delivery.outbox_rows(everything=True)[0]
    assert (posting.receipt, posting.sent_digest) == (written[0].name, digest_of(written[0].read_bytes()))
    assert list(ledger_store.entries(database, review.id))[-1].detail["sent"] == posting.sent_digest


@pytest.mark.parametrize("form", ["md", "odt", "docx", "pdf", "html"])
def test_the_part_that_stays_in_the_department_is_in_no_file_that_leaves(database, clock, tmp_path, form):
    kept = "Only for colleagues: the member was told on the telephone."
    desk = desk_on(database, clock, lambda *given: replace(drafter(*given), note=kept), outlets=("file",))
    review = approved(desk, "file", form)
    desk.deliver("file", FileOutlet(tmp_path / "released", Exporter(TITLES), "md"))

    content = next((tmp_path / "released").glob(f"*.{form}")).read_bytes()

    assert review.draft.note == kept
    words = READ_BACK[form](content, "OFFICIAL") if form != "md" else content.decode()
    assert "twenty" in words
    assert "colleagues" not in words
    assert b"colleagues" not in b"".join(parts_of(content))


def parts_of(content: bytes) -> list[bytes]:
    """The parts of an archive, unpacked; the bytes of any other file."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_where_nobody_named_a_form_the_one_that_is_set_is_written(desk, tmp_path):
    review = approved(desk, "file")

    desk.deliver("file", FileOutlet(tmp_path, Exporter(TITLES), "docx"))

    assert (tmp_path / f"{review.id}.docx").exists()


def test_a_file_whose_bytes_are_other_bytes_on_the_disk_never_gets_its_name(desk, tmp_path, monkeypatch):
    review = approved(desk, "file")
    folder, write = tmp_path / "released", file._write
    monkeypatch.setattr(
        file, "_write", lambda folder, name, content: write(folder, name, content.replace(b"twenty", b"thirty"))
    )

    done = desk.deliver("file", FileOutlet(folder, Exporter(TITLES), "md"))

    assert done.delivered == ()
    assert "does not hold the words that were approved" in done.failed[0].reason
    assert list(folder.iterdir()) == []
    assert desk.delivery.outbox_rows()[0].set_aside_at is not None
    assert desk.clearance.review(review.id).state == "released"


@pytest.mark.parametrize("form", ["odt", "docx", "pdf"])
def test_a_file_that_cannot_be_read_back_never_gets_its_name(desk, tmp_path, monkeypatch, form):
    approved(desk, "file", form)
    folder, write = tmp_path / "released", file._write
    monkeypatch.setattr(file, "_write", lambda folder, name, content: write(folder, name, content[: len(content) // 2]))

    done = desk.deliver("file", FileOutlet(folder, Exporter(TITLES), "md"))

    assert done.delivered == ()
    assert "check the disk" in done.failed[0].reason
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("planted", ["{}.md", ".{}.md.part"])
def test_a_link_in_the_folder_leads_no_text_elsewhere(desk, tmp_path, planted):
    review = approved(desk, "file")
    folder, elsewhere = tmp_path / "released", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.write_text("Mine.", encoding="utf-8")
    link = folder / planted.format(review.id)
    link.symlink_to(elsewhere)

    done = desk.deliver("file", FileOutlet(folder, Exporter(TITLES), "md"))

    assert done.delivered == ()
    assert f"{link} is a link" in done.failed[0].reason
    assert elsewhere.read_text(encoding="utf-8") == "Mine."
    assert link.is_symlink()
    assert desk.delivery.outbox_rows()[0].set_aside_at is None


def test_a_released_file_can_be_read_by_its_own_account_alone(desk, tmp_path):
    review = approved(desk, "file")

    desk.deliver("file", FileOutlet(tmp_path / "released", Exporter(TITLES), "md"))

    assert (tmp_path / "released").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "released" / f"{review.id}.md").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_to_is_named_and_tried_again(desk, tmp_path):
    approved(desk, "file")
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    done = desk.deliver("file", FileOutlet(tmp_path / "taken", Exporter(TITLES), "md"))

    assert "cannot be written to" in done.failed[0].reason
    assert desk.delivery.outbox_rows()[0].set_aside_at is None


def test_a_letter_bears_the_approved_words_and_goes_to_the_approved_address(desk, box, clock, database):
    review = approved(desk, "email", TO)

    done = desk.deliver("email", by_mail(box, clock))

    assert [release.review for release in done.delivered] == [review.id]
    letter = box.letters[0]
    assert letter.to == letter.read["To"] == TO
    assert letter.read["Subject"] == "Answer"
    above, _, rest = body_of(letter.content).partition("\n\n")
    assert above == "OFFICIAL"
    assert rest.startswith(TEXT)
    assert "twenty working days" in rest.removeprefix(TEXT)
    assert rest.endswith("\n\nOFFICIAL\n")
    sent = desk.delivery.outbox_rows(everything=True)[0]
    assert sent.sent_digest == digest_of(letter.content)
    assert "at least once" in sent.receipt
    assert TO not in str(list(ledger_store.entries(database, review.id)))


def test_a_letter_that_may_have_left_is_sent_again_under_the_same_name(desk, box, clock):
    review = approved(desk, "email", TO)
    box.hang_up = 1

    first = desk.deliver("email", by_mail(box, clock))
    clock.now += timedelta(minutes=1)
    second = desk.deliver("email", by_mail(box, clock))

    assert "may have left" in first.failed[0].reason
    assert [release.review for release in second.delivered] == [review.id]
    names = {letter.read["Message-ID"] for letter in box.letters}
    assert (len(box.letters), len(names)) == (2, 1)


def test_an_address_that_is_refused_for_good_is_set_aside_and_the_next_letter_goes_on(desk, box, clock):
    poison, well = approved(desk, "email", "gone@example.org"), approved(desk, "email", TO)
    box.refused["gone@example.org"] = "550 No such user here"

    done = desk.deliver("email", by_mail(box, clock))

    assert [release.review for release in done.delivered] == [well.id]
    assert [(each.review, "No such user" in each.failure) for each in desk.delivery.outbox_rows()] == [
        (poison.id, True)
    ]
    assert desk.delivery.outbox_rows()[0].set_aside_at is not None


def test_a_letter_refused_before_its_first_byte_is_set_aside_at_once_in_the_words_of_the_server(desk, clock):
    approved(desk, "email", TO)

    with scripted(DATA="554 5.5.1 no valid recipients") as port:
        desk.deliver("email", by_mail(Postbox(port), clock))

    row = desk.delivery.outbox_rows()[0]
    assert row.set_aside_at is not None
    assert "554 5.5.1 no valid recipients" in row.failure


@pytest.mark.parametrize("said", ["<html>proxy error</html>", "", "354 go on"])
def test_an_answer_that_is_no_reply_is_no_receipt(desk, clock, said):
    approved(desk, "email", TO)

    with scripted(end=said) as port:
        done = desk.deliver("email", by_mail(Postbox(port), clock))

    row = desk.delivery.outbox_rows()[0]
    assert (done.delivered, row.set_aside_at, row.receipt) == ((), None, "")


@pytest.mark.parametrize("change", [(b"twenty", b"thirty"), (b"To: jo@", b"To: eve@"), (b"OFFICIAL", b"SECRET")])
def test_a_letter_whose_bytes_bear_anything_else_is_not_sent(desk, box, clock, monkeypatch, change):
    approved(desk, "email", TO)
    write = Mailer.write

    def altered(self: Mailer, *given: str):
        letter = write(self, *given)
        assert change[0] in letter.content
        return replace(letter, content=letter.content.replace(*change))

    monkeypatch.setattr(Mailer, "write", altered)

    done = desk.deliver("email", by_mail(box, clock))

    assert "does not bear what was approved" in done.failed[0].reason
    assert box.letters == []


@pytest.mark.parametrize(
    ("outlet", "to", "said"),
    [
        ("email", "", "e-mail address"),
        ("email", "jo@example.org, eve@example.org", "e-mail address"),
        ("email", "jo@example.org\nBcc: eve@example.org", "e-mail address"),
        ("web", "tom", "person who asked"),
        ("file", "exe", "no file of form"),
        ("pigeon", "", "no outlet"),
    ],
)
def test_a_destination_that_is_none_is_refused_before_anything_is_written(desk, outlet, to, said):
    with pytest.raises(CommissionError, match=said):
        desk.drafting.compose(replace(question(outlet=outlet), reply_to=to))


def test_nothing_is_taken_for_an_outlet_that_is_not_there(database, clock):
    with pytest.raises(CommissionError, match="HUMPHREY_SMTP__HOST"):
        desk_on(database, clock).drafting.compose(replace(question(outlet="email"), reply_to=TO))


def test_the_approval_binds_the_address(desk):
    first = desk.drafting.compose(replace(question(outlet="email"), reply_to=TO))
    second = desk.drafting.compose(replace(question(outlet="email"), reply_to="eve@example.org"))

    assert first.digest != second.digest


def test_a_kept_draft_is_sent_where_its_owner_says(desk, box, clock):
    kept = desk.conversations.save(desk.drafting.compose(question()), None)
    with pytest.raises(CommissionError, match="e-mail address"):
        desk.clearance.send(kept.id, "amina", "email", "nobody")

    review = desk.clearance.send(kept.id, "amina", "email", f" {TO} ")

    assert (review.draft.commission.outlet, review.draft.commission.recipient) == ("email", TO)
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    desk.deliver("email", by_mail(box, clock))
    assert [letter.to for letter in box.letters] == [TO]


@pytest.fixture
def exports(desk: Desk, database: Database, clock: Clock) -> Downloads:
    return Downloads(database, desk.people, Exporter(TITLES), desk.access.reads, LIFE, clock)


def test_the_person_who_asked_the_person_who_decided_and_auditors_take_a_released_text_along(desk, exports, database):
    review = approved(desk, "web")

    for name in ("amina", "grace", "iris"):
        made = exports.download(review.id, "html", name)
        entry = list(ledger_store.entries(database, review.id))[-1]
        assert (entry.actor, entry.act) == (name, "release:export")
        assert entry.detail == {"form": "html", "digest": review.draft.digest, "sent": digest_of(made)}


def test_nobody_else_does_and_that_they_tried_is_recorded(desk, exports, database):
    review = approved(desk, "web")

    for name in ("tom", "david", "priya", "sam"):
        with pytest.raises(NotPermitted):
            exports.download(review.id, "html", name)
        entry = list(ledger_store.entries(database, review.id))[-1]
        assert (entry.actor, entry.act, entry.detail["tried"]) == (name, "act:refused", "release:export")


def test_what_was_not_released_is_given_to_nobody(desk, exports, database):
    review = desk.clearance.take(question())

    for name in ("amina", "grace", "iris", ""):
        with pytest.raises(ReviewError):
            exports.download(review.id, "md", name)
        assert list(ledger_store.entries(database, review.id))[-1].act == "act:refused"
    desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "No.")
    with pytest.raises(ReviewError, match="only an approved one can leave"):
        exports.download(review.id, "md", "amina")
