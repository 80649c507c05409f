"""A sentence agrees with its source however it is worded, and disagrees where it says another thing."""

import time

import pytest

from humphrey.checks.agreement import disagreements

PASSAGE = (
    "The landlord must give the tenant at least 2 months' notice in writing. "
    "You can apply to Dorset Council for a grant of up to £1,500 if you moved before 6 April 2026. "
    "You do not need to send form AL12 unless the council asks for it. "
    "The council will reply within 20 working days. "
    "You cannot get the grant if you rent from Seaways Trust. "
    "Rent is paid every week. Call Seaways Trust about the rent. You can ask the bank to help you."
)


WRONG = [
    ("The landlord must give the tenant at least 3 months' notice in writing.", "figure", "3"),
    ("The landlord must give the tenant at least 2 weeks' notice in writing.", "unit", "2"),
    ("The landlord may give the tenant at least 2 months' notice in writing.", "strength", "may"),
    ("The landlord need not give the tenant at least 2 months' notice.", "negation", "need not"),
    ("The tenant must give the landlord at least 2 months' notice in writing.", "roles", "tenant"),
    ("The landlord must be given at least 2 months' notice in writing by the tenant.", "roles", "tenant"),
    ("Seaways Trust should call you about the rent.", "roles", "Trust"),
    ("You can apply to Devon Council for a grant of up to £1,500.", "name", "Devon Council"),
    ("You can apply to the Home Office for a grant of up to £1,500.", "name", "Home Office"),
    ("A grant of up to £15,000 can be had from Dorset Council.", "figure", "£15,000"),
    ("Dorset Council gives grants to those who moved before 6 May 2026.", "figure", "6 May 2026"),
    ("You must apply to Dorset Council for a grant if you moved before 6 April 2026.", "strength", "must"),
    ("You do not need to send form AL21 unless the council asks for it.", "name", "AL21"),
    ("You need to send form AL12 unless the council asks for it.", "negation", "need to"),
    ("You do not need to send form AL12 if the council asks for it.", "condition", "if"),
    ("The council will reply within 20 days.", "unit", "20"),
    ("The council will not reply within 20 working days.", "negation", "not"),
    ("You get the grant if you rent from Seaways Trust.", "negation", "grant"),
    ("Rent is paid every month.", "unit", "month"),
    ("The bank can ask people to help them.", "roles", "bank"),
    ("Bees gather nectar and pollen from summer flowers.", "support", "Bees gather"),
]


SMALL_WORDS = [
    # source, wrong claim, kind
    ("Apply before 6 April 2026 for the grant.", "Apply after 6 April 2026 for the grant.", "bound"),
    ("The rule applies from 6 April 2026.", "The rule applies until 6 April 2026.", "bound"),
    ("Reply within 20 working days of the request.", "Reply after 20 working days of the request.", "bound"),
    ("Keep the record for at least 7 years.", "Keep the record for at most 7 years.", "bound"),
    ("A gift worth more than £140 is declared.", "A gift worth less than £140 is declared.", "bound"),
    ("Contracts of £12,000 or more are published.", "Contracts of £12,000 or less are published.", "bound"),
    ("The notice is sent 2 months after the sale.", "The notice is sent 2 months before the sale.", "bound"),
    ("All offices publish their spending.", "Some offices publish their spending.", "quantity"),
    ("Some offices publish their spending.", "All offices publish their spending.", "quantity"),
    ("The panel usually meets in Leeds.", "The panel always meets in Leeds.", "quantity"),
    ("Only the owner may sign the record.", "The owner may sign the record.", "quantity"),
    ("The owner may sign the record.", "Only the owner may sign the record.", "quantity"),
    ("Publish the record unless a judge seals it.", "Publish the record.", "condition"),
    ("Publish the record unless a judge seals it.", "Publish the record if a judge seals it.", "condition"),
    ("If the file is lost, tell the clerk at once.", "Tell the clerk at once.", "condition"),
    ("UKVI gives a licence if the plan is good.", "UKVI gives a licence", "condition"),
    ("Any clerk may sign, except in a leap year.", "Any clerk may sign.", "condition"),
    ("The keeper must lock the store at night.", "The cleaner must lock the store at night.", "doer"),
    ("You must lock the store at night.", "Your landlord must lock the store at night.", "doer"),
    ("The keeper locks the store.", "The keeper locks the store, and two guards patrol the yard.", "support"),
    (
        "If the file is lost, tell the clerk. If the lamp breaks, buy a candle from the shop.",
        "If the file is lost, buy a candle from the shop.",
        "support",
    ),
]


SAME_SMALL_WORDS = [
    ("Apply before 6 April 2026 for the grant.", "You cannot apply for the grant after 6 April 2026."),
    ("The rule applies from 6 April 2026.", "The rule does not apply before 6 April 2026."),
    ("Reply within 20 working days.", "Reply no later than 20 working days."),
    ("Do not begin until the owner agrees.", "Begin only once the owner agrees."),
    ("Use the tool only if the owner agrees.", "Do not use the tool unless the owner agrees."),
    ("Check the record before you pay.", "Do not pay until you have checked the record."),
    ("The panel may meet without needing consent.", "The panel may meet, and consent is not needed."),
    ("The review must be free of charge.", "No charge may be made for the review."),
    ("The marking is at least as high as the source.", "The marking is no lower than the source."),
    ("Every office publishes its spending.", "All offices publish their spending."),
    ("If the file is lost, tell the clerk at once.", "People who lost the file should tell the clerk at once."),
    ("The owner must sign the record.", "The record must be signed by the owner."),
    ("A department must answer within 20 days.", "Officials must answer within 20 days."),
    (
        "The keeper locks the store. The clerk keeps the key in a safe.",
        "The keeper locks the store, and the clerk keeps the key in a safe.",
    ),
]


RIGHT = [
    "The landlord must give the tenant at least 2 months' notice in writing.",
    "At least two months' written notice has to be given to the tenant by the landlord.",
    "A tenant must be given two months' notice, in writing, by the landlord.",
    "You're able to apply for a grant of up to £1500 from Dorset Council if you moved before 6 April 2026.",
    "If you moved before 6/4/2026, you can apply to Dorset Council for a grant.",
    "Grants of up to £1,500 are available from Dorset Council to people who moved before April 6, 2026.",
    "Unless the council asks for form AL12, you don't have to send it.",
    "You need not send form AL12 except if the council asks for it.",
    "The council replies within twenty working days.",
    "You'll have a reply from the council within 20 working days.",
    "People who rent from Seaways Trust cannot get the grant.",
    "You aren't able to receive the grant if Seaways Trust is your landlord.",
    "Rent is paid weekly.",
    "You should call Seaways Trust about the rent.",
    "People can ask the bank to help them.",
    "The landlord must give 2 months' notice, and the council will reply within 20 working days. [1]",
]


@pytest.mark.parametrize(("sentence", "kind", "words"), WRONG)
def test_what_the_source_does_not_say_is_pointed_at(sentence, kind, words):
    found = disagreements(sentence, [PASSAGE])

    assert kind in {each.kind for each in found}
    assert any(words in sentence[each.start : each.end] for each in found if each.kind == kind)


@pytest.mark.parametrize(("source", "claim", "kind"), SMALL_WORDS)
def test_a_small_word_or_a_clause_that_changes_the_meaning_is_noticed(source, claim, kind):
    assert kind in {each.kind for each in disagreements(claim, [source])}


@pytest.mark.parametrize(("source", "claim"), SAME_SMALL_WORDS)
def test_other_small_words_for_the_same_are_left_alone(source, claim):
    assert disagreements(claim, [source]) == []


@pytest.mark.parametrize("sentence", RIGHT)
def test_what_the_source_says_in_other_words_is_left_alone(sentence):
    assert disagreements(sentence, [PASSAGE]) == []


def test_a_name_may_come_from_a_heading_but_not_replace_one_of_the_passage():
    said = "Dorset Council runs the Moving Fund and can give you a grant of £1,500 if you moved before 6 April 2026."

    assert disagreements(said, [PASSAGE], headings=["Moving Fund"]) == []
    assert [each.kind for each in disagreements(said, [PASSAGE])] == ["name"]
    swapped = "You can apply to the Moving Fund for a grant of up to £1,500 if you moved before 6 April 2026."
    assert [each.kind for each in disagreements(swapped, [PASSAGE], headings=["Moving Fund"])] == ["name"]


def test_the_cited_words_count_for_more_than_what_stands_around_them():
    cited = "You may appeal within 28 days."
    around = f"You may pay within 14 days. {cited}"

    assert [each.kind for each in disagreements("You may appeal within 14 days.", [cited], around=[around])] == [
        "figure"
    ]
    assert disagreements("Within 28 days you may appeal.", [cited], around=[around]) == []


def test_twenty_sentences_are_compared_in_a_moment():
    passages = [
        PASSAGE.replace("Dorset", f"{place}ton").replace("2026", str(2000 + n)) for n, place in enumerate("ABCDEFGHIJ")
    ]
    said = [f"If you moved before 6 April {2000 + n // 2}, you're able to apply for a grant {n}." for n in range(20)]
    for sentence in said[:2]:
        disagreements(sentence, [PASSAGE])

    began = time.process_time()
    for n, sentence in enumerate(said):
        disagreements(sentence, [passages[n // 2]])

    # Some 5 ms where nothing else runs; the rest is room for slow machines.
    assert time.process_time() - began < 0.1
