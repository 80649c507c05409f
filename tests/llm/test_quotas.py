"""People take no more of models elsewhere than they may, and a restart forgets nothing."""

from datetime import date
from pathlib import Path

import pytest

from humphrey.database.engine import Database, open_database
from humphrey.errors import LimitReached, ModelError
from humphrey.llm import store as usage_store
from humphrey.llm.quotas import QuotaLimits, Quotas
from humphrey.papers.draft import Usage

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def database(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'h.sqlite3'}")
    yield database
    database.close()


def limits(database: Database, day: date = MONDAY, **allowed: float) -> Quotas:
    return Quotas(database, QuotaLimits(**allowed), lambda: day)


def take(limited: Quotas, person: str, tokens: int, cost: float = 0.0, model: str = "m") -> None:
    with limited.lease(person) as spend:
        spend(model, Usage(1, tokens, 0, cost))


def test_a_day_s_tokens_end_a_person_s_day_and_no_one_else_s(database):
    limited = limits(database, tokens_per_day=1000)
    take(limited, "amina", 600)
    take(limited, "amina", 600)
    with pytest.raises(LimitReached, match=r"used 1,200 of the 1,000 tokens .* ask again after midnight"):
        take(limited, "amina", 1)
    take(limited, "ben", 10)
    take(limits(database, TUESDAY, tokens_per_day=1000), "amina", 10)


def test_a_restart_forgets_nothing(database, tmp_path):
    take(limits(database), "amina", 600, 1.25)
    take(limits(database), "amina", 400, 0.75, model="other")
    database.close()
    again = open_database(f"sqlite:///{tmp_path / 'h.sqlite3'}")
    assert usage_store.of_person(again, MONDAY, "amina") == Usage(2, 1000, 0, 2.0)
    assert (
        usage_store.of_person(again, MONDAY, "ben") == usage_store.of_person(again, TUESDAY, "amina") == Usage(0, 0, 0)
    )
    assert list(usage_store.by_person(again, MONDAY)) == ["amina"]
    with pytest.raises(LimitReached, match=r"cost 2\.00 of the 1\.50"):
        take(limits(again, cost_per_day=1.5), "amina", 1)
    again.close()


def test_no_more_drafts_at_once_than_one_person_may_have_and_the_place_comes_free(database):
    limited = limits(database, at_once_per_person=1)
    with limited.lease("amina"):
        with pytest.raises(LimitReached, match="one draft at once is the most for one person"), limited.lease("amina"):
            pass
        with limited.lease("ben"):
            pass
    with limited.lease("amina"):
        pass


def test_no_more_drafts_at_once_than_everybody_may_have_together_also_when_one_fails(database):
    limited = limits(database, at_once=2)
    with pytest.raises(ModelError), limited.lease("amina"):
        raise ModelError("it failed; try again")
    refused = pytest.raises(LimitReached, match="2 drafts at once is the most that the model writes here")
    with limited.lease("amina"), limited.lease("ben"), refused, limited.lease("chris"):
        pass
    with limited.lease("chris"):
        pass


def test_without_limits_nothing_is_refused(database):
    limited = limits(database)
    for _ in range(3):
        take(limited, "amina", 10**12, 10**6)
    assert usage_store.of_person(database, MONDAY, "amina").tokens_in == 3 * 10**12
