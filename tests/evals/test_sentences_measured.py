"""The evaluation of the sentence checks: what it makes of a sentence, and what it counts."""

import json
import random
import sys

import pytest

from evals.sentences.changing import CHANGES, Pool
from evals.sentences.counting import wilson
from evals.sentences.meaning import MEANING, mixed
from evals.sentences.rewording import COMPRESSING, LIGHT
from evals.sentences.run import counted, measured, shown
from evals.sentences.taking import documents_of, halves, rewordings, taken
from tests.support.processes import run

PAGES = {
    "allotments": (
        "# Allotments\n\n## Rent\n\nThe parish council must send each tenant a bill of £40 by 6 April 2026. "
        "You do not need to pay in the first 3 months if you live in Dorset.\n\n"
        "You can ask the parish council for form AL12 (for example, by post). It must answer within 10 working days.\n"
    ),
    "ferries": (
        "# Ferries\n\n## Fares\n\nA ferry company must give a passenger 14 days to claim a refund from Seaways Trust. "
        "You cannot travel without a ticket, unless the Harbour Office allows it.\n"
    ),
}


@pytest.fixture
def pages(tmp_path):
    for name, text in PAGES.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    return tmp_path


def seeded(seed=1):
    return random.Random(seed)  # noqa: S311 - choices that can be made again, no secret


def made(rules, sentence, following=""):
    return {name: rule(sentence, following, seeded()) for name, rule in rules.items()}


def test_every_way_of_making_a_sentence_wrong_changes_what_it_is_for():
    rng, pool = seeded(3), Pool("", ["Leeds City Council", "Cornwall"], ["AL12", "ZX9"])
    sentence = "Your landlord must give the tenant form AL12 and £40 within 10 days of 6 April 2026 if Dorset agrees."

    wrong = {name: change(sentence, pool, rng) for name, change in CHANGES.items()}

    assert wrong["who does what"].startswith("The tenant must give your landlord")
    assert "form ZX9" in wrong["name"]
    assert "must not give" in wrong["negation"]
    assert "£40 " not in wrong["amount"]
    assert "10 days" not in wrong["unit"]
    assert "of 6 April 2026" not in wrong["date"]
    assert "landlord must" not in wrong["must or may"]
    assert "10 days" not in wrong["number"]
    assert all(each != sentence for each in wrong.values())


def test_every_way_of_turning_a_small_word_or_a_clause_changes_what_it_is_for():
    rng, pool = seeded(3), Pool("", [], [])
    sentence = (
        "You must only keep all records for at least 7 years after the sale, unless a judge asks, if they are yours."
    )

    wrong = {name: change(sentence, pool, rng) for name, change in MEANING.items()}

    assert "before the sale" in wrong["before or after"]
    assert "at least" not in wrong["at least or at most"]
    assert "only" not in wrong["all, some or only"] or "all records" not in wrong["all, some or only"]
    assert "unless" not in wrong["exception dropped"]
    assert "if they" not in wrong["condition dropped"]
    assert not wrong["another doer"].startswith("You must")
    assert len(wrong["clause added"]) > len(sentence)
    rain, snow = "If it rains at night, stay in.", "If it snows all day, light a fire."
    assert mixed(rain, snow) == "If it rains at night, light a fire."
    assert mixed("If so, stay in.", snow) is None
    assert mixed("The owner must sign.", "The clerk may charge a fee.") == "The owner may charge a fee."
    assert mixed("The owner must sign.", "The owner may pay.") is None
    assert mixed("The owner must sign.", "You may pay.") is None


def test_every_rewording_by_hand_is_of_a_sentence_of_its_note():
    tuned, held = rewordings("tuned on"), rewordings("held back")

    assert len(tuned) >= 80
    assert len(held) >= 40
    assert all(one.text != said and len(one.text.split()) > 5 for one, said in (*tuned, *held))
    assert not {one.text for one, _ in tuned} & {one.text for one, _ in held}


def test_what_has_nothing_to_change_is_left_out():
    pool = Pool("", [], [])

    assert {CHANGES[name]("Bees hum.", pool, seeded()) for name in CHANGES} == {None}
    assert {change("Bees hum.", pool, seeded()) for name, change in MEANING.items() if name != "clause added"} == {None}


def test_rewording_keeps_the_meaning():
    said = made(LIGHT, "If you’re late, the council can send a letter on 6 April 2026.")

    assert said["contraction"] == "If you are late, the council can send a letter on 6 April 2026."
    assert said["clause order"] == "The council can send a letter on 6 April 2026 if you’re late."
    assert "6 April 2026" not in said["notation"]
    assert made(LIGHT, "The council can send a letter.")["voice"] == "A letter can be sent by the council."
    assert made(COMPRESSING, "Ask (in writing) for it now, please.", "It is free.")["joined"].endswith("it is free.")


def test_a_document_is_in_one_half_alone(pages):
    documents = documents_of(pages)
    one, other = halves(documents)

    assert sorted(each.id for each in (*one, *other)) == sorted(each.id for each in documents)
    assert len(one) == len(other) == 1
    assert halves(reversed(documents)) == (one, other)


def test_untouched_sentences_are_not_flagged_and_wrong_ones_are(pages):
    documents = documents_of(pages)
    assert len(taken(documents, 12)) == 6

    rows = {row.kind: row for row in counted("both", measured(documents, 12))}

    assert rows["untouched"].n == 6
    assert rows["untouched"].flagged == rows["reworded"].flagged == 0.0
    assert rows["two sentences quoted"].flagged == 0.0
    assert {rows[kind].flagged for kind in ("date", "amount", "negation", "must or may", "who does what")} == {1.0}
    assert {rows[kind].flagged for kind in ("exception dropped", "clause added", "an order quoted")} == {1.0}
    assert shown(list(rows.values())).splitlines()[1].startswith("both\tuntouched\t6\t0.0\t0.0 to ")


def test_an_interval_is_wilson_s():
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


def test_the_table_can_be_had_as_json(pages):
    done = run([sys.executable, "-m", "evals", "sentences", pages, "--json"], check=True)

    rows = json.loads(done.stdout)["rows"]
    assert {row["half"] for row in rows} == {"tuned on", "held back"}
    assert all(row["low"] <= row["flagged"] <= row["high"] for row in rows)


def test_a_missing_folder_of_documents_is_named_with_what_to_do(tmp_path):
    gone = tmp_path / "gone"
    told = run([sys.executable, "-m", "evals", "sentences", gone])

    assert told.returncode == 1
    assert told.stderr == f"no documents in {gone}; name their folder, or set HUMPHREY_SHARED_DATA to it\n"
