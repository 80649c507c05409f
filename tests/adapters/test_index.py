import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from humphrey.adapters.embeddings import Embeddings
from humphrey.adapters.index import GuidanceIndex
from humphrey.adapters.words import Words
from humphrey.core.guidance import Passage
from humphrey.core.search import Indexed, indexed
from humphrey.errors import GuidanceIndexError

TOPICS = ["annual leave", "sick pay", "train tickets", "freedom of information", "green book appraisal", "contracts"]


class Counting:
    """The embedded model, counting the texts it was given."""

    def __init__(self) -> None:
        self._model = Embeddings(threads=1)
        self.digest = self._model.digest
        self.texts = 0

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return self._model(texts)


@pytest.fixture(scope="module")
def model() -> Counting:
    return Counting()


@pytest.fixture
def embed(model: Counting) -> Counting:
    model.texts = 0
    return model


@pytest.fixture
def index(tmp_path: Path, embed: Counting) -> Iterator[GuidanceIndex]:
    opened = GuidanceIndex(tmp_path / "index", embed)
    yield opened
    opened.close()


def entries(*texts: str, document: str = "note") -> list[Indexed]:
    return [indexed(document, Passage(document, n, "v", text, 0, len(text))) for n, text in enumerate(texts)]


def many(count: int = 300) -> list[Indexed]:
    return entries(*(f"Rule {n} about {TOPICS[n % len(TOPICS)]}." for n in range(count)))


def silent(_done: int, _total: int, _what: str) -> None: ...


def found(index: GuidanceIndex, query: str, limit: int = 3) -> list[str]:
    return [passage.text for passage, _ in index.search(query, limit)]


def reopened(index: GuidanceIndex, folder: Path, embed: Counting) -> GuidanceIndex:
    index.close()
    return GuidanceIndex(folder, embed)


def test_a_passage_is_found_by_its_meaning_and_by_its_words(index):
    index.level(
        entries("Staff get 25 days of holiday a year.", "Form XJ4471 goes to finance.", "Buy tickets early."), silent
    )

    assert found(index, "How much annual leave do I have?", 1) == ["Staff get 25 days of holiday a year."]
    assert found(index, "XJ4471", 1) == ["Form XJ4471 goes to finance."]


def test_hits_come_best_first_and_no_more_than_were_asked_for(index):
    index.level(many(), silent)

    hits = index.search("rules about sick pay", 7)

    scores = [score for _, score in hits]
    assert len(hits) == 7
    assert scores == sorted(scores, reverse=True)
    assert all("sick pay" in passage.text for passage, _ in hits[:3])


@pytest.mark.parametrize("query", ["", " \n", "🙂", "zzzz", "the of and", "\x00", "\u202e", "x" * 100_000])
def test_any_query_is_answered_and_a_blank_one_with_nothing(index, query):
    index.level(entries("Staff get 25 days.", "Buy early."), silent)

    assert len(index.search(query, 5)) == (2 if query.strip() else 0)


def test_an_empty_index_finds_nothing(index):
    assert index.search("leave", 5) == []
    index.level([], silent)
    assert index.search("leave", 5) == []


def test_passages_without_a_single_word_do_no_harm(index):
    index.level(entries("!", "?"), silent)

    assert len(index.search("leave", 5)) == 2
    assert Words(["the", "of"]).best("leave", 5) == {}


def test_only_what_is_new_is_embedded(index, embed, tmp_path):
    index.level(many(50), silent)
    assert embed.texts == 50

    index.level(many(60), silent)
    assert embed.texts == 60
    again = reopened(index, tmp_path / "index", embed)
    again.level(many(60), silent)
    assert embed.texts == 60
    assert len(found(again, "sick pay", 60)) == 60
    again.close()


def test_passages_of_the_same_words_are_all_found_and_embedded_once(index, embed):
    twice = "Staff get 25 days of holiday."
    index.level([*entries(twice, document="a"), *entries(twice, document="a")], silent)

    assert embed.texts == 1
    assert len(index.search("annual leave", 5)) == 2


def test_what_is_gone_is_found_no_more(index):
    index.level(many(20), silent)
    index.level(entries("Only this about leave."), silent)

    assert found(index, "annual leave", 10) == ["Only this about leave."]


def test_progress_counts_passages_to_the_last(index):
    told = []
    index.level(many(300), lambda *each: told.append(each))

    assert told[-1] == (300, 300, "indexing")
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})


def test_searches_see_a_changed_document_all_at_once(index):
    index.level(entries(*(f"Old rule {n} about leave." for n in range(200))), silent)
    changed = entries(*(f"New rule {n} about leave." for n in range(200)))
    seen: set[str] = set()
    writer = Thread(target=index.level, args=(changed, silent))

    writer.start()
    while writer.is_alive():
        words = {text.split()[0] for text in found(index, "rule about leave", 20)}
        seen.add("+".join(sorted(words)))
    writer.join()

    assert seen <= {"Old", "New"}
    assert {text.split()[0] for text in found(index, "rule about leave", 20)} == {"New"}


def test_a_second_opener_is_told_who_holds_the_index(index, tmp_path):
    opener = (
        "import sys; from pathlib import Path\n"
        "from humphrey.adapters.lock import FolderLock\n"
        "try: FolderLock(Path(sys.argv[1]))\n"
        "except Exception as error: print(error)\n"
    )
    index.level(many(10), silent)

    told = subprocess.run(
        [sys.executable, "-c", opener, tmp_path / "index"], capture_output=True, text=True, check=True
    )

    holder = (tmp_path / "index" / "lock").read_text()
    assert holder.isdigit()
    assert told.stdout.startswith(f"the index in {tmp_path / 'index'} is held by process {holder}; stop that humphrey")
    assert len(found(index, "sick pay", 10)) == 10


def test_the_same_process_cannot_open_it_twice_either(index, embed, tmp_path):
    with pytest.raises(GuidanceIndexError, match="is held by process"):
        GuidanceIndex(tmp_path / "index", embed)


def test_an_index_folder_that_cannot_be_made_is_named(embed, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(
        GuidanceIndexError, match=r"the index folder .*/file/index cannot be written \(Not a directory\)"
    ):
        GuidanceIndex(tmp_path / "file" / "index", embed)


def test_a_damaged_index_is_made_anew_from_the_passages(index, embed, tmp_path, caplog):
    index.level(many(40), silent)
    index.close()
    (tmp_path / "index" / "index.json").write_text("{")
    embed.texts = 0

    mended = GuidanceIndex(tmp_path / "index", embed)
    mended.level(many(40), silent)

    assert "index_discarded" in caplog.messages
    assert embed.texts == 40
    assert found(mended, "rules about sick pay", 1)[0].endswith("sick pay.")
    mended.close()
