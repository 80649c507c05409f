"""What may not be asked is refused with its reason and a next step, and never repeated; asking about it is allowed."""

import pytest

from humphrey.drafting.questions.screening import screen


def why(text, highest="OFFICIAL", **other):
    refusal = screen(text, highest=highest, **other)
    return refusal.why if refusal else ""


@pytest.mark.parametrize(
    "text",
    [
        "SECRET: the convoy leaves at nine",
        "TOP SECRET\n\nThe convoy leaves at nine.",
        "UK SECRET - HMG USE ONLY\nThe convoy leaves.",
        "[SECRET] The convoy leaves at nine",
        "Classification: Secret\nThe convoy leaves at nine.",
        "Subject: RE: SECRET - the convoy\nIt leaves at nine.",
        "The convoy leaves at nine. This is for UK EYES ONLY.",
        "STRAP 2 material says the convoy leaves at nine",
        "TOP SECRET//SI",
        "This document is marked TOP SECRET. What does it say?",
        "Summarise this secret intelligence report: the convoy",
        "I have read a top secret briefing about the convoy",
        "According to a classified report the convoy leaves at nine",
        "Here is a SECRET cable from the embassy.",
        "\uff33\uff25\uff23\uff32\uff25\uff34: the convoy leaves at nine",
        "SEC\u00adRET: the convoy leaves at nine",
    ],
)
@pytest.mark.parametrize("highest", ["OFFICIAL", "OFFICIAL-SENSITIVE"])
def test_what_bears_or_comes_from_above_official_is_refused_everywhere(text, highest):
    assert why(text, highest) == "above_official"


@pytest.mark.parametrize(
    "text",
    [
        "How do I store SECRET papers?",
        "If a document is marked SECRET, who may see it?",
        "SECRET - what does this marking mean?",
        "What does UK EYES ONLY mean?",
        "Summarise the rules on handling SECRET documents",
        "OFFICIAL-SENSITIVE",
        "What does OFFICIAL-SENSITIVE mean?",
        "I have a document marked OFFICIAL-SENSITIVE, how do I send it?",
        "Is a secret ballot required?",
        "What does the Official Secrets Act forbid?",
        "Who leaked the strictly confidential report?",
        "PRIVATE AND CONFIDENTIAL\nDear Sir",
        "OFFICIAL\nHow long do we have?",
        "OFFICIAL - FOR PUBLIC RELEASE\nHow long do we have?",
        "What does RESTRICTED mean today?",
        "Who may remove a marking?",
        "How do I have a paper reclassified?",
        "Should we reclassify these assets as stock in the accounts?",
        "What is the password policy?",
        "My password is expired, what do I do?",
        "Is the token non-transferable?",
    ],
)
def test_asking_about_markings_and_secrets_is_a_question_like_any_other(text):
    assert why(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("OFFICIAL-SENSITIVE - COMMERCIAL\nThe bid is four million.", "sensitive_marking"),
        ("OFFICIAL SENSITIVE: the bid is four million", "sensitive_marking"),
        ("This is OFFICIAL-SENSITIVE: the bid is four million", "sensitive_marking"),
        ("OFFICIAL-SENSITIVE - RECIPIENTS ONLY\nThe bid is four million.", "limited_marking"),
        ("OFFICIAL - HOME OFFICE USE ONLY\nThe bid is four million.", "limited_marking"),
        ("OFFICIAL-SENSITIVE - MARKET SENSITIVE\nThe rate rises.", "limited_marking"),
        ("CONFIDENTIAL\nDear all", "legacy_marking"),
        ("RESTRICTED - POLICY\nDear all", "legacy_marking"),
        ("Remove the OFFICIAL-SENSITIVE marking from this", "marking_change"),
        ("Please downgrade this to OFFICIAL", "marking_change"),
        ("Can you strip the protective markings from this text?", "marking_change"),
        ("Rewrite this without the OFFICIAL-SENSITIVE marking", "marking_change"),
        ("my password is Winter2026!", "credentials"),
        ("username: jo password: letmein", "credentials"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII", "credentials"),
        ("postgres://jo:letmein@db.example.org/x", "credentials"),
        ("Is AB123456C entitled to it?", "personal_data"),
        ("How long\u200b do we have?", "hidden_characters"),
        ("abc\u202edef", "hidden_characters"),
        ("hello \U000e0041\U000e0042", "hidden_characters"),
        ("a\ufe0f\ufe0fb", "hidden_characters"),
    ],
)
def test_each_reason_has_its_id_and_its_text_is_not_repeated(text, reason):
    refusal = screen(text, highest="OFFICIAL")

    assert refusal
    assert refusal.why == reason
    assert refusal.message.startswith("The question ")
    assert "Nothing of it was kept, and no model was asked." in refusal.message
    for word in ("four million", "Winter", "letmein", "AB123456C", "The rate", "MII", "Dear"):
        assert word not in refusal.message


def test_official_sensitive_may_be_held_where_the_installation_may_hold_it_but_not_what_limits_its_readers():
    assert why("OFFICIAL-SENSITIVE - COMMERCIAL\nThe bid.", "OFFICIAL-SENSITIVE") == ""
    assert why("OFFICIAL-SENSITIVE - HMG USE ONLY\nThe bid.", "OFFICIAL-SENSITIVE") == ""
    assert why("OFFICIAL-SENSITIVE - RECIPIENTS ONLY\nThe bid.", "OFFICIAL-SENSITIVE") == "limited_marking"


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم بدانم",
        "क्‍ष",
        "שלום\u200f 5",
        "👩‍👩‍👧",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "❤️ and 1️⃣ and ™️",
        "葛󠄀",
        "\ufeffHow long do we have?",
        "re\u00adsponse",
    ],
)
def test_what_a_script_an_emoji_or_a_word_processor_needs_is_let_through(text):
    assert why(text) == ""


def test_a_text_may_hold_what_it_is_for_and_the_message_names_the_text():
    assert why("jo.bloggs@example.com", allowed={"email"}) == ""
    refusal = screen("jo.bloggs@example.com, 07700 900123", highest="OFFICIAL", what="“Contact”", allowed={"email"})
    assert refusal
    assert refusal.message.startswith("“Contact” holds a telephone number. ")


def test_of_two_reasons_the_graver_is_told():
    assert why("SECRET: jo.bloggs@example.com") == "above_official"
