"""People are those whom the words around a name call one; offices, places and days are nobody."""

from humphrey.text.names import has_name_shape, people_mentioned

NOTE = """Note of the ports board, 23 November 2026

Present: Priya Patel (Chair), Tom O'Brien, Aisha Khan - Head of Finance
Apologies: Dr Wei Zhang

Ms Patel welcomed the Minister for Ports, Jane Smith. The Department for Transport and Great Yarmouth Council agreed.
On Monday Civil Service Learning wrote to the Northern Ireland Office about the Harbours Act. Dr Zhang sent regrets.

Yours sincerely,

Siân Roberts-Jones
Deputy Director, Freight
"""


def test_people_are_named_once_with_the_role_that_the_text_gives_them():
    assert [(person.name, person.role, person.times) for person in people_mentioned(NOTE)] == [
        ("Priya Patel", "Chair", 2),
        ("Tom O'Brien", "", 1),
        ("Aisha Khan", "Head of Finance", 1),
        ("Dr Wei Zhang", "", 2),
        ("Jane Smith", "Minister for Ports", 1),
        ("Siân Roberts-Jones", "Deputy Director, Freight", 1),
    ]


def test_a_person_is_where_the_text_first_names_them():
    for person in people_mentioned(NOTE):
        assert NOTE[person.span.start : person.span.end].endswith(person.name.split()[-1])


def test_offices_with_capitals_are_nobody():
    text = (
        "The Minister for Small Business, Employment Relations and Consumer Affairs made the order. "
        "The Chief Scientific Adviser and the Permanent Secretary agreed with the Domestic Abuse Commissioner."
    )

    assert people_mentioned(text) == []


def test_a_role_stands_before_or_after_a_name():
    text = "Helena Charlton, Deputy Director for Energy, spoke first. Chief Analyst Amy Lowe said no to it."

    assert [(person.name, person.role) for person in people_mentioned(text)] == [
        ("Helena Charlton", "Deputy Director for Energy"),
        ("Amy Lowe", "Chief Analyst"),
    ]


def test_two_people_of_one_surname_stay_two():
    assert [person.name for person in people_mentioned("Dr Ann Gray spoke. Dr Muir Gray replied.")] == [
        "Dr Ann Gray",
        "Dr Muir Gray",
    ]


def test_a_name_has_the_shape_of_one_and_no_word_of_an_office():
    assert has_name_shape("Dr Wei Zhang")
    assert has_name_shape("Jan van der Berg")
    assert has_name_shape("Ms van der Berg")
    assert has_name_shape("Đuro Žižek")
    assert has_name_shape("JOAN PRYCE")
    assert not has_name_shape("HEALTH EDUCATION")
    assert not has_name_shape("Northern Ireland")
    assert not has_name_shape("the board")


def test_names_have_other_letters_small_words_initials_and_capitals():
    text = (
        "Present:\n- Łucja Wójcik (Chair)\n- Ms van den Berg\n- MR TOM PRYCE\n- J.K. Öberg\n\n"
        "NHS ENGLAND said no. Đuro Žižek, Head of Policy, agreed. Mr Pryce MP replied.\n"
    )

    assert [(person.name, person.role) for person in people_mentioned(text)] == [
        ("Łucja Wójcik", "Chair"),
        ("Ms van den Berg", ""),
        ("MR TOM PRYCE", ""),
        ("J.K. Öberg", ""),
        ("Đuro Žižek", "Head of Policy"),
    ]
