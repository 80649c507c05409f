"""The questions with their answers, and the guidance to search.

Passages that are published as single texts are written out as small files and read like any other file.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_NOT_A_NAME = re.compile(r"[^a-zA-Z0-9-]+")


PAGES, EVIDENCE, RULES = "conditionalqa_pages", "conditionalqa_evidence", "or_sharc"


@dataclass(frozen=True)
class Question:
    """A question with its situation; `group` is the page it was written about, `gold` the passages that answer it."""

    id: str
    text: str
    group: str
    gold: frozenset[str]


@dataclass(frozen=True)
class Sets:
    """The data sets in one folder."""

    folder: Path

    @cached_property
    def passages(self) -> Mapping[str, Mapping[str, str]]:
        """The passages of each ConditionalQA page: page id to passage id to text."""
        return self._by_page("corpus.jsonl")

    @cached_property
    def sections(self) -> Mapping[str, Mapping[str, str]]:
        """The sections of each ConditionalQA page, in the same way."""
        return self._by_page("sections.jsonl")

    def questions(self, name: str, qrels: str = "qrels.tsv") -> list[Question]:
        """Return the questions of a set that have an answer."""
        gold = _gold(self.folder / name / qrels)
        asked = _lines(self.folder / name / "queries.jsonl")
        return [
            Question(each["id"], each["text"], _group(each), frozenset(gold[each["id"]]))
            for each in asked
            if each["id"] in gold
        ]

    def guidance(self, written: Path) -> list[Path]:
        """Return folders with everything that is indexed together, in addition to the starter notes.

        Args:
            written: a new folder for the single texts.
        """
        for name in (EVIDENCE, RULES):
            for each in _lines(self.folder / name / "corpus.jsonl"):
                _write(written / name / f"{file_name(each['id'])}.md", each)
        pages = [self.folder / PAGES / "html", self.folder / "govuk_pages_2024" / "original_json"]
        return [*pages, written]

    def _by_page(self, file: str) -> Mapping[str, Mapping[str, str]]:
        pages: dict[str, dict[str, str]] = defaultdict(dict)
        for each in _lines(self.folder / PAGES / file):
            pages[each["id"].partition("#")[0]][each["id"]] = each["text"]
        return pages


def file_name(text_id: str) -> str:
    """Return the name of the file that a single text is written to, which is also the end of its document's id."""
    return _NOT_A_NAME.sub("-", text_id)


def tuned_on(questions: Iterable[Question], drawn: int = 11) -> frozenset[str]:
    """Return the ids of the half of the questions that settings were chosen by: those about half of the pages.

    Args:
        questions: all of them.
        drawn: the seed of the split. Each tuning takes another one, since by its end both halves have been looked at.
    """
    questions = list(questions)
    groups = sorted({each.group for each in questions})
    random.Random(drawn).shuffle(groups)  # noqa: S311 - an even split, no secret
    half = set(groups[: len(groups) // 2])
    return frozenset(each.id for each in questions if each.group in half)


def _group(asked: Mapping[str, Any]) -> str:
    return str(asked.get("page") or asked.get("tree_id"))


def _write(path: Path, text: Mapping[str, str]) -> None:
    front = {"title": text["title"], "source": text["url"]}
    matter = "".join(f"{name}: {json.dumps(value)}\n" for name, value in front.items() if value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{matter}---\n{text['text']}\n", encoding="utf-8")


def _gold(path: Path) -> Mapping[str, set[str]]:
    gold: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, _ = line.split("\t")
        gold[question].add(passage)
    return gold


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
