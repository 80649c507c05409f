"""A follow-up keeps its subject or asks the same of another one; a question with a subject of its own starts afresh."""

import time
from itertools import product

import pytest

from humphrey.documents.audiences import audience_of
from humphrey.documents.model import Imprint, Passage
from humphrey.drafting.questions.abbreviations import spelt_out
from humphrey.drafting.questions.follow_ups import completed, on_subject, resolved
from humphrey.search.model import Hit

FIRST = "What is the mileage rate for a private car?"


PERMIT = "How long do we have to decide an HMO application?"


@pytest.mark.parametrize(
    "follow_up",
    [
        "What about motorcycles?",
        "And for an electric bicycle used on duty?",
        "How about passengers who come along?",
        "Who approves it?",
        "Is that taxed?",
        "Do they pay tax on the excess?",
        "Does this apply to agency workers abroad?",
        "Why?",
        "How often?",
        "Abroad?",
        "Who decides?",
        "What is the limit?",
        "If not, who pays the difference to the member of staff?",
        "Which receipts does a department want for private journeys?",
    ],
)
def test_a_question_that_leaves_something_out_is_completed_by_the_one_before(follow_up):
    assert completed(follow_up, [FIRST]) == f"{FIRST} {follow_up}"


@pytest.mark.parametrize(
    "question",
    [
        "How many working days does a department have to answer a Freedom of Information request?",
        "How long does it take to publish the minutes of a select committee hearing?",
        "When a minister leaves office and takes paid work elsewhere, who advises them?",
        "Is it true that consultations must last twelve weeks under government principles?",
        "What is a DPIA?",
        "Who signs an ATRS record?",
        "How do I grow tomatoes?",
        "Another question: who approves it?",
        "If a tenant objects late, may they appeal?",
    ],
)
def test_a_question_on_another_subject_that_stands_by_itself_is_left_alone(question):
    assert completed(question, [FIRST]) == question
    assert resolved(question, [FIRST]).asked == question
    assert resolved(question, [FIRST]).subject == ()


def test_completing_goes_back_to_the_question_that_stands_by_itself_and_no_further():
    earlier = ["Which bank holidays fall in May for Scotland?", FIRST, "What about motorcycles?"]

    assert completed("And abroad?", earlier) == f"{FIRST} What about motorcycles? And abroad?"


def test_a_first_question_has_nothing_to_be_completed_from():
    assert completed("What about it?", []) == resolved("What about it?", []).asked == "What about it?"


def test_a_bare_day_goes_on_about_the_question_before_it():
    first = "When is the reply to our freedom of information request due?"
    assert completed("23 November 2026", [first]) == f"{first} 23 November 2026"
    other = "Which mileage rate is paid for private cars on 1 May 2026?"
    assert completed(other, ["When does the consultation of 2 May 2026 close?"]) == other


@pytest.mark.parametrize(
    ("chain", "asked", "subject"),
    [
        ((PERMIT, "What happens if we miss it?"), "HMO application: What happens if we miss it?", ("HMO",)),
        ((PERMIT, "and for a TENS application?"), "How long do we have to decide a TENS application?", ("TENS",)),
        ((PERMIT, "What about TENS?"), "How long do we have to decide TENS application?", ("TENS",)),
        ((PERMIT, "Can we charge?", "And for TENS?"), "TENS: Can we charge?", ("TENS",)),
        (
            (PERMIT, "and for a TENS application?", "Who do they complain to?"),
            "TENS application: Who do they complain to?",
            ("TENS", "application"),
        ),
        ((FIRST, "Who approves it?"), "mileage rate private car: Who approves it?", ("mileag", "car")),
        ((FIRST, "What about motorcycles?", "Vans?"), f"{FIRST} Vans?", ("mileag", "van")),
        (
            ("How many parts has the Harbour Code of Practice?", "And the Ferry Charter?"),
            "How many parts has the Ferry Charter?",
            ("charter",),
        ),
        ((FIRST, "Do vans count as well?"), "mileage rate private car: Do vans count as well?", ("mileag", "car")),
        ((FIRST, "Is there a lower rate?"), "mileage rate private car: Is there a lower rate?", ("mileag", "car")),
        ((FIRST, "What about motorcycles?"), f"{FIRST} What about motorcycles?", ("mileag", "motorcycl")),
    ],
)
def test_a_follow_up_in_full_has_the_subject_that_the_conversation_came_to(chain, asked, subject):
    *earlier, question = chain
    full = resolved(question, earlier)

    assert full.asked == asked
    assert set(subject) <= set(full.subject)


def hit(title: str, text: str) -> Hit:
    """A passage that was found."""
    return Hit(Passage(title, 0, "v", text, 0, len(text), ()), Imprint(title, ""), 1.0)


def test_of_what_was_found_only_what_speaks_of_the_subject_is_kept():
    found = [
        hit("Street trading", "An application that is late is refused."),
        hit("Houses in multiple occupation", "An application that is late is still decided."),
        hit("HMO licences", "A late application is no reason to refuse."),
    ]

    assert on_subject(found, ("HMO", "application")) == found[1:]


def test_the_asker_s_own_file_is_kept_whatever_it_names():
    own = Hit(Passage("f", 0, "v", "Costs rose.", 0, 11, ()), Imprint("costs.pdf", ""), 1.0, audience_of("1"))

    assert on_subject([own, hit("HMO licences", "An application.")], ("HMO", "application"))[0] == own


def test_thanks_and_orders_on_a_text_are_no_question_to_go_on_from():
    earlier = [FIRST, "Summarise in five bullets", "Thank you!"]

    assert resolved("Who approves it?", earlier).about == "mileage rate private car"


def test_where_nothing_found_is_known_to_be_about_the_subject_all_is_kept():
    found = [hit("Street trading", "Pay the fee."), hit("Fees", "Fees are yearly.")]

    assert on_subject(found, ("HMO", "application", "landlord")) == found


@pytest.mark.parametrize(
    ("abbreviation", "text", "spelt"),
    [
        ("HLRs", "How a harbour licence of record is kept", True),
        ("TOR", "the terms of reference", True),
        ("DAA", "the department of arts and aviation", True),
        ("HLR", "a harbour rule", False),
        ("H", "harbour", False),
    ],
)
def test_an_abbreviation_is_known_by_the_initials_of_its_words(abbreviation, text, spelt):
    assert spelt_out(abbreviation, text) is spelt


@pytest.mark.parametrize("small", ["of", "and", "the", "for", "in", "to", "on"])
def test_small_words_in_a_row_are_compared_with_an_abbreviation_at_once(small):
    began = time.process_time()

    assert not spelt_out(small[0].upper() * 9 + "X", f"{small} " * 2_000)
    assert not spelt_out(small[0].upper() * 5_000 + "X", f"{small} " * 2_000)

    assert time.process_time() - began < 1


def test_a_subject_of_very_many_abbreviations_is_looked_for_at_once():
    names = " ".join("".join(letters) for letters in product("BCDFGHKLMN", repeat=3))
    found = [hit("HMO licences", "an application of the owner " * 60)] * 20
    began = time.process_time()

    on_subject(found, resolved("Who pays them?", [f"Is it due for {names}?"]).subject)

    assert time.process_time() - began < 2
