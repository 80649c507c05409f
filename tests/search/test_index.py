import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from humphrey.documents.audiences import EVERYONE, Audience
from humphrey.documents.model import Passage
from humphrey.errors import GuidanceIndexError
from humphrey.search.embeddings import EmbeddingModel
from humphrey.search.folder_lock import FolderLock
from humphrey.search.index import GuidanceIndex
from humphrey.search.model import Indexed, IndexState, indexed
from humphrey.search.vector_store import VectorStore

TOPICS = ["annual leave", "sick pay", "train tickets", "freedom of information", "green book appraisal", "contracts"]


class Counting:
    """The embedded model, counting the texts it was given."""

    def __init__(self) -> None:
        self._model = EmbeddingModel(threads=1)
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


class Shelf:
    """The passages of some documents, as a database would give them, and an index over them."""

    def __init__(self, index: GuidanceIndex) -> None:
        self.index = index
        self.texts: dict[str, list[str]] = {}
        self.told: list[tuple[int, int, str]] = []
        self.read: list[str] = []

    def level(self, progress=None, audiences: Mapping[str, Audience] = {}, **documents: Sequence[str]) -> None:
        """Hold exactly these documents, each the texts of its passages."""
        self.texts = {name: list(texts) for name, texts in documents.items()}
        wanted = [
            IndexState(name, "\n".join(texts), len(texts), audiences.get(name, EVERYONE))
            for name, texts in self.texts.items()
        ]
        self.index.synchronise(wanted, self._passages, progress or (lambda *each: self.told.append(each)))

    def found(self, query: str, limit: int = 3, groups: Sequence[str] = ()) -> list[str]:
        return [self.texts[place.document][place.n] for place, _ in self.index.search(query, groups)[:limit]]

    def _passages(self, ids: Sequence[str]) -> Iterator[Indexed]:
        self.read.extend(ids)
        for name in ids:
            for n, text in enumerate(self.texts[name]):
                yield indexed(name, Passage(name, n, "v", text, 0, len(text)))


def many(count: int = 300) -> list[str]:
    return [f"Rule {n} about {TOPICS[n % len(TOPICS)]}." for n in range(count)]


@pytest.fixture
def index(tmp_path: Path, embed: Counting) -> Iterator[GuidanceIndex]:
    opened = GuidanceIndex(tmp_path / "index", embed)
    yield opened
    opened.close()


@pytest.fixture
def shelf(index: GuidanceIndex) -> Shelf:
    return Shelf(index)


def test_a_passage_is_found_by_its_meaning_and_by_its_words(shelf):
    shelf.level(a=["Staff get 25 days of holiday a year.", "Form XJ4471 goes to finance.", "Buy tickets early."])

    assert shelf.found("How much annual leave do I have?", 1) == ["Staff get 25 days of holiday a year."]
    assert shelf.found("XJ4471", 1) == ["Form XJ4471 goes to finance."]


def test_what_is_found_is_a_place_with_its_score_best_first(shelf):
    shelf.level(a=many())

    hits = shelf.index.search("rules about sick pay", [])

    scores = [score for _, score in hits]
    assert len(hits) >= 100
    assert scores == sorted(scores, reverse=True)
    for place, _ in hits[:3]:
        text = shelf.texts["a"][place.n]
        assert "sick pay" in text
        assert (place.document, place.version, place.start, place.end) == ("a", "v", 0, len(text))


@pytest.mark.parametrize("query", ["", " \n", "🙂", "zzzz", "the of and", "\x00", "\u202e", "x" * 100_000])
def test_any_query_is_answered_and_a_blank_one_with_nothing(shelf, query):
    shelf.level(a=["Staff get 25 days.", "Buy early."])

    assert len(shelf.found(query, 5)) == (2 if query.strip() else 0)


def test_an_empty_index_finds_nothing(shelf):
    assert shelf.found("leave") == []
    shelf.level()
    assert shelf.found("leave") == []


def test_passages_without_a_single_word_do_no_harm(shelf):
    shelf.level(a=["!", "?"])

    assert len(shelf.found("leave")) == 2


def test_only_what_changed_is_read_and_only_what_is_new_is_embedded(shelf, embed, tmp_path):
    shelf.level(a=many(50), b=["Something else."])
    assert (embed.texts, shelf.read) == (51, ["a", "b"])

    shelf.level(a=many(60), b=["Something else."])
    assert (embed.texts, shelf.read) == (61, ["a", "b", "a"])
    shelf.index.close()
    again = Shelf(GuidanceIndex(tmp_path / "index", embed))
    again.level(a=many(60), b=["Something else."])
    assert (embed.texts, again.read) == (61, [])
    assert len(again.found("sick pay", 80)) == 61
    again.index.close()


def test_passages_of_the_same_words_are_all_found_and_embedded_once(shelf, embed):
    shelf.level(a=["Staff get 25 days of holiday."] * 2)

    assert embed.texts == 1
    assert len(shelf.found("annual leave", 5)) == 2
    shelf.level(a=["Staff get 25 days of holiday."])
    assert len(shelf.found("annual leave", 5)) == 1


def test_what_is_gone_is_found_no_more(shelf):
    shelf.level(a=many(20), b=["Rules on umbrellas."])
    shelf.level(b=["Rules on umbrellas."], c=["Only this about leave."])

    assert shelf.found("annual leave", 10) == ["Only this about leave.", "Rules on umbrellas."]
    assert {place.document for place, _ in shelf.index.search("rule 7 about sick pay", [])} == {"b", "c"}


def test_progress_counts_passages_to_the_last(shelf):
    shelf.level(a=many(300), b=many(10))

    assert shelf.told[-1] == (310, 310, "indexing")
    assert [done for done, _, _ in shelf.told] == sorted(done for done, _, _ in shelf.told)
    assert {total for _, total, _ in shelf.told} == {310}


def test_searches_see_a_changed_document_all_at_once(shelf):
    shelf.level(a=[f"Old rule {n} about leave." for n in range(200)], b=["Old rule about trains."])
    changed = [f"New rule {n} about leave." for n in range(200)]
    wanted = [IndexState("a", "new", 200, EVERYONE), IndexState("b", "Old rule about trains.", 1, EVERYONE)]
    passages = [indexed("a", Passage("a", n, "new", text, 0, len(text))) for n, text in enumerate(changed)]
    seen: set[tuple[str, ...]] = set()
    writer = Thread(target=shelf.index.synchronise, args=(wanted, lambda _ids: passages, lambda *_told: None))

    writer.start()
    while writer.is_alive():
        found = shelf.index.search("rule about leave", [])
        versions = ("new" if place.version == "new" else "old" for place, _ in found if place.document == "a")
        seen.add(tuple(sorted(set(versions))))
    writer.join()

    assert ("old",) in seen
    assert seen <= {("old",), ("new",)}
    assert shelf.index.search("rule about leave", [])[0][0].version == "new"


GROUPS = {"b": frozenset({"hr"}), "c": frozenset({"finance"}), "d": frozenset({"hr", "finance"})}


SECRETS = {
    "a": ["Leave for everyone is 25 days."],
    "b": ["Leave for people in hr is 26 days."],
    "c": ["Leave for people in finance is 27 days."],
    "d": ["Leave for people in hr or finance is 28 days."],
}


@pytest.mark.parametrize(
    ("groups", "documents"),
    [((), "a"), (("legal",), "a"), (("hr",), "abd"), (("finance",), "acd"), (("hr", "finance"), "abcd")],
)
def test_everybody_finds_what_is_for_everyone_and_for_any_group_of_theirs(shelf, groups, documents):
    shelf.level(audiences=GROUPS, **SECRETS)

    found = {place.document for place, _ in shelf.index.search("How many days of leave?", groups)}

    assert found == set(documents)


def test_what_is_in_several_scopes_is_ranked_as_if_it_were_in_one(shelf, embed, tmp_path):
    notes = {f"n{n}": [f"Rule {n} about {TOPICS[n % 6]} and {TOPICS[n % 5]}."] for n in range(60)}
    scopes = [frozenset[str](), frozenset({"hr"}), frozenset({"finance"})]
    shelf.level(audiences={name: scopes[n % 3] for n, name in enumerate(notes)}, **notes)
    one = Shelf(GuidanceIndex(tmp_path / "one", embed))
    one.level(**notes)

    for query in ("sick pay and contracts", "how do I appraise", "rule 17"):
        apart, together = (
            {place.document: round(score, 5) for place, score in each.index.search(query, ["hr", "finance"])}
            for each in (shelf, one)
        )
        assert apart == together
    one.index.close()


def test_a_document_for_another_audience_is_found_by_it_alone_and_its_old_folder_goes(shelf, tmp_path, embed):
    shelf.level(audiences=GROUPS, **SECRETS)
    shelf.level(audiences=GROUPS | {"a": frozenset({"hr"})}, **SECRETS)

    assert shelf.found("days of leave", 9, ["legal"]) == []
    assert SECRETS["a"][0] in shelf.found("days of leave", 9, ["hr"])
    shelf.index.close()
    again = Shelf(GuidanceIndex(tmp_path / "index", embed))
    again.level(audiences={"b": frozenset({"hr"})}, b=SECRETS["b"])
    assert len([each for each in (tmp_path / "index").iterdir() if each.is_dir()]) == 1
    again.index.close()


def test_what_the_graph_does_not_reach_is_found_by_its_words_and_weighed_by_its_meaning(shelf, monkeypatch):
    shelf.level(a=many(150), b=["Form XJ4471 about sick pay goes to finance."])
    before = shelf.index.search("Where does form XJ4471 go?", [])
    assert before[0][0].document == "b"
    reached = VectorStore.nearest
    far = max(reached(shelf.index._scopes[EVERYONE]._vectors, shelf.index._embed(["form XJ4471"])[0], 1))

    def out_of_reach(*asked) -> dict[str, float]:
        return {key: cosine for key, cosine in reached(*asked).items() if key != far}

    monkeypatch.setattr(VectorStore, "nearest", out_of_reach)

    after = shelf.index.search("Where does form XJ4471 go?", [])
    assert [place for place, _ in after[:1]] == [place for place, _ in before[:1]]
    assert after[0][1] == pytest.approx(before[0][1], abs=0.02)


class Stop(Exception):
    pass


def test_a_stopped_levelling_shows_whole_documents_and_goes_on_where_it_was(shelf, embed):
    documents = {f"d{n}": many(400) for n in range(1, 6)}
    documents = {name: [f"{name}: {text}" for text in texts] for name, texts in documents.items()}

    def stop(done: int, _total: int, _what: str) -> None:
        if done > 1300:
            raise Stop

    with pytest.raises(Stop):
        shelf.level(progress=stop, **documents)

    stopped = embed.texts
    assert 1300 < stopped < 2000
    seen = {place.document for place, _ in shelf.index.search("d1 d2 d3 d4 d5 rules about leave", [])}
    assert seen == {"d1", "d2", "d3"}
    embed.texts = 0
    shelf.level(**documents)
    assert embed.texts == 2000 - stopped
    seen = {place.document for place, _ in shelf.index.search("d1 d2 d3 d4 d5 rules about leave", [])}
    assert seen == set(documents)


def test_vectors_that_a_crash_lost_are_made_again(shelf, embed, tmp_path):
    shelf.level(a=many(20), b=["Buy umbrellas early."])
    folder = tmp_path / "index" / "everyone"
    shelf.index.close()
    vectors = VectorStore(folder, embed.digest)
    vectors.forget(sorted(vectors.keys())[:5])
    vectors.settle()
    vectors.close()
    (folder / "changing").touch()

    again = Shelf(GuidanceIndex(tmp_path / "index", embed))
    again.level(a=many(20), b=["Buy umbrellas early."])

    assert embed.texts == 26
    assert not (folder / "changing").exists()
    again.index.close()


@pytest.mark.parametrize("name", ["vocabulary.txt", "counts.npy", "keys.npy", "documents.json", "rows.npy"])
def test_cut_passage_files_are_noticed_and_made_again_without_embedding(shelf, embed, tmp_path, name):
    shelf.level(a=many(40))
    shelf.index.close()
    [path] = (tmp_path / "index").glob(f"everyone/passages-*/{name}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    again = Shelf(GuidanceIndex(tmp_path / "index", embed))
    again.level(a=many(40))

    assert embed.texts == 40
    assert again.found("rules about sick pay", 1)[0].endswith("sick pay.")
    again.index.close()


def test_a_second_opener_is_told_who_holds_the_index(shelf, tmp_path):
    opener = (
        "import sys; from pathlib import Path\n"
        "from humphrey.search.folder_lock import FolderLock\n"
        "try: FolderLock(Path(sys.argv[1]))\n"
        "except Exception as error: print(error)\n"
    )
    shelf.level(a=many(10))

    told = subprocess.run(
        [sys.executable, "-c", opener, tmp_path / "index"], capture_output=True, text=True, check=True
    )

    holder = (tmp_path / "index" / "lock").read_text()
    assert holder.isdigit()
    assert told.stdout.startswith(f"the index in {tmp_path / 'index'} is held by process {holder}; stop that humphrey")
    assert len(shelf.found("sick pay", 10)) == 10


def test_the_same_process_cannot_open_it_twice_either(index, embed, tmp_path):
    with pytest.raises(GuidanceIndexError, match="is held by process"):
        GuidanceIndex(tmp_path / "index", embed)


def test_an_index_folder_that_cannot_be_made_is_named(embed, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(
        GuidanceIndexError, match=r"the index folder .*/file/index cannot be written \(Not a directory\)"
    ):
        GuidanceIndex(tmp_path / "file" / "index", embed)


def test_a_damaged_index_is_made_anew_from_the_passages(shelf, embed, tmp_path, caplog):
    shelf.level(a=many(40))
    shelf.index.close()
    (tmp_path / "index" / "everyone" / "index.json").write_text("{")

    mended = Shelf(GuidanceIndex(tmp_path / "index", embed))
    mended.level(a=many(40))

    assert "index_discarded" in caplog.messages
    assert embed.texts == 80
    assert mended.found("rules about sick pay", 1)[0].endswith("sick pay.")
    mended.index.close()


def test_a_cleared_index_finds_by_words_until_its_vectors_are_made_again(shelf, embed):
    shelf.level(a=many(12), b=["Form XJ4471 goes to finance."])
    shelf.index.clear()

    assert shelf.found("XJ4471") == ["Form XJ4471 goes to finance."]
    assert shelf.found("holiday entitlement") == []
    embed.texts = 0
    shelf.level(a=many(12), b=["Form XJ4471 goes to finance."])
    assert embed.texts == 13
    assert len(shelf.found("holiday entitlement", 20)) == 13


def test_a_lock_is_released_by_another_thread_than_the_one_that_took_it(tmp_path):
    with ThreadPoolExecutor(1) as pool:
        lock = pool.submit(FolderLock, tmp_path).result()
    lock.release()

    again = FolderLock(tmp_path)
    again.release()
