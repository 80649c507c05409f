"""A conversation takes files of so many words, each and together, and says so beforehand and in the refusal."""

from humphrey.web.ask.attachments import CHOOSER
from tests.conversations.attachment_office import Office

WORDS = "Each of these is a word of the file. " * 10


def test_the_page_says_the_limits_before_a_file_is_chosen():
    assert "25 MB and 200,000 words, 400,000 words together." in CHOOSER


def test_a_file_that_makes_the_words_of_a_conversation_too_many_is_refused(office: Office, monkeypatch):
    monkeypatch.setattr("humphrey.conversations.attachments.MAX_WORDS", 150)
    first = office.attach(WORDS, "first.txt")

    second = office.attach("Other words. " + WORDS, "second.txt")

    assert first.words == 90
    assert second.refused == (
        "makes 182 words of files, and a conversation may have 150; remove a file, or ask about it in a new "
        "conversation"
    )
    assert office.attach("Few words.", "third.txt").refused == ""
