"""Writes docs/calculations.md from the rules and thresholds themselves: `make docs`. A test compares the two."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from humphrey.calculations.rules import RULES, UNCOMPUTABLE, Rule
from humphrey.calculations.thresholds import names, threshold
from humphrey.text.dates import say

PAGE = Path(__file__).parents[1] / "docs" / "calculations.md"


RECORDED = date(2026, 11, 23)


INTRODUCTION = """\
# What is computed

Dates, time limits, thresholds and rates are computed or looked up, never written by a model. Each result is kept
with the draft: what it was computed from, the steps, and the source. `make docs` writes this page from the rules
themselves.

## How days are counted

- The day something arrives is day 0, whatever day of the week it is. Day 1 is the next working day.
- For freedom of information and environmental information, a bank holiday in any part of the United Kingdom is no
  working day. The working also gives the day that the holidays of England and Wales alone would lead to: the safe
  date to work to.
- Letters, access requests and days before an event follow the nation that the question names, or the department's
  own ([`HUMPHREY_DIVISION`](settings.md)). Where another nation's holidays would change the date, the working says
  so.
- A month ends on the corresponding date of the next, or on its last day where there is none, and moves to the next
  working day. The working names the last working day of the strictest count too: the day to aim for.
- Hours run through nights, weekends and changes of the clock.
- Sitting days are told by the department ([`HUMPHREY_SITTING_DAYS`](settings.md)). Without them the limit is not
  computed.
- A day without a year is the last one of that name, or one of the next 31 days; of what is to come, the next one, or
  one of the last 31 days. The working says the whole date.
- The bank holidays are those that GOV.UK publishes, for the years 2023 to 2028. A limit that reaches beyond them is
  refused, with the year.

Working days are also counted between two days, and working days, days, weeks or months added to a day or taken off.

## From which of several days

A question often names more days than one. Each belongs to the event of its own clause, by who did what: received, sent,
dated, asked back, clarified, answered, tabled, found out. A limit counts from the event in the table below and from no
other.

- One plain arrival is counted from, whatever else is named beside it: leave and meetings, the day on a letter, its
  posting, logging and passing on, reminders, the day somebody would like an answer. The working then says "I took 9
  November 2026 as the day the request arrived" with the other days, and the reviewer gets the finding `day_of_several`.
  To change it, ask again with the right day alone.
- A clarification that was asked for begins the time of a freedom of information request anew when it arrives. Proof of
  identity that was asked for does so for an access request; a question back to its requester stops its clock until the
  answer.
- While such an answer is awaited there is no date. One question goes back instead.
- One question goes back too where two arrivals could be meant, where only days of sending are named, where something
  passed between requester and department after the arrival that is no reminder, thanks or step inside, where a request
  was withdrawn or replaced or a closing day moved, and where the words leave the day uncertain ("either", "I think",
  "nobody recorded").
- A case whose kind the words do not tell gets the question which time limit is meant.
- Several cases in one question each get their own date, if each has its own day.
- Without a request for a date nothing is computed.

Days are understood as people write them: with or without a year, 23/11, with an hour, Christmas Day or Remembrance
Sunday, the first Monday in November, Monday 23rd, a week last Friday, two days later, the same day, in words, misspelt.
A day that is none, such as 31 November, is refused with its words.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_limits(), *_uncounted(), *_thresholds()]) + "\n"


def _limits() -> Iterator[str]:
    yield "## Time limits\n"
    yield "| rule | what is due | counted from the day | how | source |\n|---|---|---|---|---|"
    for name, rule in RULES.items():
        source = f"[{rule.source}]({rule.address})" if rule.address else rule.source
        yield f"| `{name}` | {rule.what} | {rule.starts} | {_counted(rule)} | {source} |"


def _uncounted() -> Iterator[str]:
    yield "\n## Limits that no calendar gives\n"
    yield "| rule | what is due | why it is not computed | source |\n|---|---|---|---|"
    for name, limit in UNCOMPUTABLE.items():
        yield f"| `{name}` | {limit.what} | {limit.reason} | {limit.source} |"


def _thresholds() -> Iterator[str]:
    yield f"\n## Thresholds and rates\n\nAs they were recorded on {say(RECORDED)}.\n"
    yield "| name | what it is | figure | known from | how sure | source |\n|---|---|---|---|---|---|"
    for name in names():
        found = threshold(name, RECORDED)
        source = f"[{found.source}]({found.address})" if found.address else found.source
        figure = f"{found.said} (computed)" if found.steps else found.said
        yield f"| `{name}` | {found.what} | {figure} | {say(found.since)} | {found.confidence} | {source} |"


def _counted(rule: Rule) -> str:
    longer = rule.extended_working_days or rule.extended_months
    parts = [_span(rule), f"{longer} where it may be longer" if longer else ""]
    parts += ["holidays anywhere in the UK" if rule.anywhere else "", "the clock can stop" if rule.stops else ""]
    parts += [f"from {say(rule.since)}" if rule.since else ""]
    return "; ".join(part for part in parts if part)


def _span(rule: Rule) -> str:
    if rule.named:
        return "the day itself, and whether its notice is long enough"
    way = "before" if rule.before else "after"
    for number, unit in (
        (rule.working_days, "working days"),
        (rule.months, "months"),
        (rule.days, "days"),
        (rule.hours, "hours"),
        (rule.sitting_days, "sitting days"),
    ):
        if number:
            return f"{number} {unit if number > 1 else unit[:-1]} {way}"
    return f"the department's own number of working days {way}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
