"""A question of several parts is answered part by part, and a name that no passage says is told."""

import time

import pytest

from humphrey.drafting.extractive.question_parts import (
    covers_part,
    names_not_mentioned,
    names_party,
    parts_left_out,
    question_parts,
    requested_figure,
    says_what_to_do,
    unknown_references,
    wants_yes_or_no,
    yes_no_clause,
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much is it and by when must I apply?", ("How much is it?", "by when must I apply?")),
        ("How much is the fee, and who pays?", ("How much is the fee?", "who pays?")),
        ("Is there a fee? When is it due?", ("Is there a fee?", "When is it due?")),
        ("I moved. Is there a fee for it?", ("Is there a fee for it?",)),
        ("Do I apply or does my landlord?", ("Do I apply or does my landlord?",)),
        ("If I move and will be away, who pays?", ("If I move and will be away, who pays?",)),
        ("What are the terms and conditions?", ("What are the terms and conditions?",)),
        ("Tell me about fees.", ("Tell me about fees.",)),
        ("Who? Is it the council?", ("Is it the council?",)),
        ("Is A free? Is B? Is coal free? Is gas free? Is oil free?", ("Is coal free?", "Is gas free?", "Is oil free?")),
    ],
)
def test_a_question_is_parted_where_it_asks_again(question: str, found: tuple[str, ...]):
    assert question_parts(question) == found


def test_the_names_that_no_passage_says_are_told_in_order_and_each_once():
    passages = ["A carer in Wales may claim ESA from the Home Office."]
    asked = "Can carers of the Isle of Man, Jersey or Wales claim ESA or PIP from the Home Office, after Jersey?"
    assert names_not_mentioned(asked, passages) == ("Isle of Man", "Jersey", "PIP")


def test_an_abbreviation_is_said_where_its_words_are():
    passages = ["A freedom of information request, or a subject access request."]
    assert names_not_mentioned("Is it an FOI, are they SARs or a PQ?", passages) == ("PQ",)


def test_a_month_is_no_name():
    assert names_not_mentioned("Is it due in May or on a Monday?", []) == ()


def test_other_words_may_be_said_otherwise_and_are_not_told():
    assert names_not_mentioned("Can he be compensated? I lost it.", ["You can get a payment."]) == ()


def test_no_more_than_four_names_are_told():
    assert len(names_not_mentioned("Is it AAB, BBC1, CCD, DDE, EEF or FFG?", [])) == 4


@pytest.mark.parametrize(
    "question",
    [
        "May a resident of the EU ask for it?",
        "How is an MP's letter answered?",
        "Must a page on GOV.UK have one?",
        "I work in Manchester for Deloitte. Do I need a permit there?",
        "If a firm from Norway bids, is it excluded?",
        "Can Mrs Marsh claim it?",
    ],
)
def test_a_name_in_the_scenario_decides_nothing(question: str):
    assert names_not_mentioned(question, ["Anybody may ask for a permit."]) == ()


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What does the Harbour Dues Act 2019 require?", ("Harbour Dues Act 2019",)),
        ("Under the HDA Scheme, who pays?", ("HDA Scheme",)),
        ("Is it due under the Fees Act 2011?", ("Fees Act 2011",)),
        ("Who signs under paragraph 7.14?", ("paragraph 7.14",)),
        ("What does section 87 say?", ("section 87",)),
        ("Do sections 82 and 12(4) of the Fees Act 2010 apply?", ()),
        ("Does the FPT Charter apply, and regulation 9?", ()),
        ("Must I wait?", ()),
    ],
)
def test_an_act_or_a_provision_that_no_passage_has_is_unknown(question: str, unknown: tuple[str, ...]):
    passages = [
        "Sections 81 to 83 of the Fees Act 2010 set the fee; section 12(4) waives it.",
        "The Fair Pay and Terms Charter has regulations 4, 9 and 11.",
    ]
    assert unknown_references(question, passages) == unknown


def test_an_endless_number_of_a_provision_is_read_as_none():
    endless = "7" * 5000
    assert unknown_references("Does section 3 apply?", [f"Sections {endless} to 9, and sections 1 to {endless}."])
    assert unknown_references(f"Does section {endless} apply?", ["Sections 1 to 9 apply."]) == ()


def test_the_first_parts_of_too_many_are_named():
    assert parts_left_out("Is A free? Is B? Is coal free? Is gas free? Is oil free? Is peat free?") == (
        "Is A free?",
        "Is B?",
        "Is coal free?",
    )


@pytest.mark.parametrize(
    ("question", "statement", "answers"),
    [
        ("How much is the fee?", "The fee is £20.", True),
        ("How much is the fee?", "The fee is due on 3 May.", False),
        ("What is the mileage rate?", "It is 55p a mile.", True),
        ("How long does it take?", "It takes 3 weeks.", True),
        ("How long does it take?", "It takes a while.", False),
        ("Who pays?", "The fee is £20.", False),
    ],
)
def test_a_statement_with_the_figure_that_is_asked_for_is_told(question: str, statement: str, answers: bool):
    assert bool(requested_figure(question, statement)) is answers


@pytest.mark.parametrize(
    ("question", "closed"),
    [
        ("Can I apply?", True),
        ("So does it need approval?", True),
        ("I want to complain about it, can I?", True),
        ("As I am under eighteen am I allowed to apply?", True),
        ("How long can I stay?", False),
        ("What should we do?", False),
        ("I moved. When will I be paid?", False),
        ("Tell me whether I can.", False),
    ],
)
def test_a_question_for_yes_or_no_is_told_from_others(question: str, closed: bool):
    assert wants_yes_or_no(question) is closed


def test_a_part_is_said_where_half_of_its_words_are():
    assert covers_part(["The fee is 20 pounds."], "What is the fee for students?")
    assert not covers_part(["Rates for cars"], "What is the fee for students?")


@pytest.mark.parametrize(
    "question",
    [
        "Does the OOOOO OOOOO OOOOO OOOOO OOOOO OOOOX Scheme apply?",
        f"Does the {'OO ' * 900}Scheme apply?",
        f"Does the {'O' * 8_000} Scheme apply?",
        f"Does the clerk{' ' * 9_000}pay the clerk?",
        "clause 7 " * 1_000,
        " ".join(f"clause {n}" for n in range(1_000)),
    ],
    ids=["abbreviations", "many abbreviations", "a long abbreviation", "blanks", "one clause", "many clauses"],
)
def test_names_and_provisions_in_a_row_are_looked_for_at_once(question: str):
    passages = ["of " * 600, "The clauses 1, 2, 3 and " + "4, 5, 6, " * 60] * 4
    began = time.process_time()

    unknown_references(question, passages)
    names_not_mentioned(question, passages)

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("question", "statement", "share"),
    [
        ("How many days do we have?", "Reply within 15 working days.", 1.0),
        ("How many days do we have?", "There are three forms.", 0.5),
        ("How many days do we have?", "Reply soon.", 0.0),
    ],
)
def test_a_number_of_what_is_counted_is_all_of_what_how_many_asks_for(question: str, statement: str, share: float):
    assert requested_figure(question, statement) == share


def test_who_wants_a_person_or_a_body_and_what_to_do_the_section_that_tells_it():
    assert names_party("Who signs it?", "The senior responsible owner signs.")
    assert not names_party("Who signs it?", "Sign in ink.")
    assert not names_party("When is it signed?", "The minister signs.")
    assert says_what_to_do("I have lost my pass. What am I supposed to do?", ("Passes", "What should I do first"))
    assert not says_what_to_do("What should the letter say?", ("Passes", "What should I do first"))


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("Must we tell them?", "Must we tell them"),
        ("When a letter is late, must we tell them?", "must we tell them"),
        ("Where it is late must we tell them?", "must we tell them"),
        ("Which letters, old or new, must we keep?", ""),
        ("How long do we have?", ""),
    ],
)
def test_the_clause_that_asks_for_yes_or_no_begins_with_its_auxiliary_verb(question: str, clause: str):
    assert yes_no_clause(question) == clause
