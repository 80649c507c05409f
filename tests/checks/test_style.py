import pytest

from humphrey.checks.style import rules, style, suggestions
from humphrey.documents.model import Document, Imprint
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from humphrey.papers.kind import Paper

PAPER = Paper("answer", "Answer", "", (), ("style",), "")


BETTER_LEFT = (
    "The minister asked for a plan by 5:30pm on Monday 23 November 2026. It costs £5 million a year, or 20% of the "
    "money. You must send the form. The Civil Service has 4,500 people aged 50 and over in 2025 to 2026."
)


WORSE = {
    "agenda": "This is part of our reform agenda.",
    "collaborate": "We will collaborate on it.",
    "combat": "We combat fraud.",
    "commit": "We are committed to change.",
    "deliver": "This will deliver outcomes.",
    "deploy": "We deploy staff to it.",
    "dialogue": "A dialogue was held.",
    "empower": "It empowers users.",
    "facilitate": "They facilitate meetings.",
    "foster": "This fosters trust.",
    "going_forward": "Going forward, we will write.",
    "impact": "It impacts on schools.",
    "in_order_to": "Write in order to apply.",
    "incentivise": "This incentivises work.",
    "initiate": "We initiated a review.",
    "key": "The key stakeholders met.",
    "leverage": "We leverage data.",
    "liaise": "Liaise with them.",
    "one_stop": "It is a one-stop shop.",
    "overarching": "The overarching aim is this.",
    "progress": "We will progress the work.",
    "ring_fence": "The money is ring-fenced.",
    "robust": "A robust plan exists.",
    "slim_down": "We slimmed down the form.",
    "streamline": "We streamlined the form.",
    "strengthen": "We will strengthen the rules.",
    "tackle": "We tackle delays.",
    "transform": "It transforms services.",
    "utilise": "Utilise the form.",
    "drive": "This drives growth.",
    "ampersand": "Health & safety comes first.",
    "eg_ie_etc": "Bring proof, eg a bill.",
    "latin": "It costs £5 per annum.",
    "negative_contraction": "You can't apply.",
    "contraction": "You should've applied.",
    "plural_in_brackets": "Send the document(s).",
    "date_form": "Reply by 3rd March 2027.",
    "date_comma": "Reply by Monday, 23 November.",
    "year_range": "This is for 2025-26.",
    "time_form": "Come at 5.30 pm.",
    "number_range": "For 4-16 years.",
    "whole_pounds": "It costs £75.00.",
    "money_words": "It costs £5m.",
    "thousands": "There were 4500 people.",
    "per_cent": "It rose by 20 per cent.",
    "block_capitals": "THIS IS VERY IMPORTANT NOTICE of ours.",
    "abbreviation_stops": "In the U.K. it is law.",
    "american": "We organize the forms.",
    "email": "Send an e-mail.",
    "online": "Fill in the on-line form.",
    "exclamation": "Good news!",
    "required_to": "You are required to apply.",
    "gender": "He or she must apply.",
    "disabled_people": "Help for the disabled.",
    "ethnicity": "BAME staff replied.",
    "ages": "The over 50s replied.",
    "allow_list": "Whitelist the domain.",
    "king": "Her Majesty’s Government wrote.",
    "civil_service": "The civil service wrote.",
    "political": "It is the previous government's failure.",
}


def drafted(text: str, quote: str = "", question: str = "What may I do?", **facts: str) -> Draft:
    citation = Citation("1", "leave", "v1", "Leave", "", (), quote, 0, len(quote))
    asked = Commission("answer", question, "amina", "web", facts)
    return Draft(asked, "answered", text, ModelName("x", "y"), (citation,) if quote else ())


def held(_document: str, _version: str) -> Document:
    return Document("leave", Imprint("Leave", ""), "Staff can't utilise leave that is not theirs.")


def found(draft: Draft) -> list[str]:
    return [draft.text[each.start : each.end] for each in style(draft, PAPER, held)]


@pytest.mark.parametrize(("rule", "text"), WORSE.items(), ids=WORSE)
def test_each_rule_finds_what_it_is_there_for_and_points_at_it(rule, text):
    named = [one for one in suggestions(text) if one.rule == rule]

    assert named
    assert all(text[one.start : one.end].strip() for one in named)


def test_every_rule_has_an_example():
    assert sorted(WORSE) == sorted(rules())


def test_plain_words_are_left_alone():
    assert suggestions(BETTER_LEFT) == []


def test_long_sentences_long_paragraphs_ends_of_items_and_unexplained_capitals_are_pointed_at():
    long = " ".join(["word"] * 26) + "."
    text = (
        f"{long}\n\nOne. Two. Three. Four. Five. Six.\n\nYou need:\n- a form;\n- a stamp\n\n"
        "Ask the PSED team. The PSED team knows."
    )

    assert [one.rule for one in suggestions(text)] == ["long_sentence", "long_paragraph", "list_end", "acronym"]
    assert "acronym" not in {one.rule for one in suggestions("Ask the policy team (PT4X). The duty (PSED) is PSED.")}


def test_a_suggestion_is_never_more_than_a_suggestion():
    [finding] = style(drafted("Utilise the form."), PAPER, held)

    assert (finding.check, finding.level) == ("style", "suggest")


def test_what_a_source_or_the_asker_or_a_fact_says_is_nobody_s_to_improve():
    quoted = "Staff can't utilise leave that is not theirs."

    assert found(drafted(f"{quoted} [1]", quote=quoted)) == []
    # Also where the citation quotes another sentence of the same source.
    assert found(drafted(f"{quoted} [1]", quote="not theirs")) == []
    assert found(drafted("May we utilise it or not?", question="May we utilise it or not?")) == []
    assert found(
        drafted("You asked: please utilise all the forms. We utilise them.", request="please utilise all the forms")
    ) == ["utilise"]
