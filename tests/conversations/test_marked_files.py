"""A file whose marking stands around its text is refused as if it stood in it; nothing of it is kept."""

import pytest

from humphrey.ledger import store as ledger_store
from tests.conversations.attachment_office import Office
from tests.documents.readers.test_margins import FILES


@pytest.mark.parametrize(("name", "content"), FILES[::3])
def test_nothing_of_a_marked_file_is_kept_and_the_refusal_is_on_the_record(office: Office, name, content):
    held = office.attach(content, name)

    assert held.refused == (
        "bears a marking above OFFICIAL, or is from something that does. Nothing of it was kept, and no model was "
        "asked. Stop here, send it to nobody, and tell your security team now"
    )
    assert office.humphrey.attachments.files(office.conversation, "amina") == []
    assert office.kept() == []
    entry = list(ledger_store.entries(office.humphrey.database))[-1]
    assert (entry.act, entry.detail["why"]) == ("file:refuse", "above_official")


def test_the_owner_of_a_file_is_told_what_was_left_out_of_it(office: Office):
    held = office.attach("The press office moves to Leeds\u200b on 3 March 2027, with\u00ad all its staff.")

    assert held.notes == ("2 invisible characters were left out.",)


def test_a_files_name_is_what_it_seems(office: Office):
    dropped = office.attach(name="pl\u200ban\u202e.md")
    refused = office.attach(name="pl\u0430n.md")

    assert (dropped.name, dropped.refused) == ("plan.md", "")
    assert refused.refused.startswith("has a name that holds “pl\u0430n”, which looks like another word")
    assert refused.refused.endswith("rename the file")
