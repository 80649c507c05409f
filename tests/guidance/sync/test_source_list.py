"""The list of sources that comes with humphrey."""

from pathlib import Path

from humphrey.guidance.sync.source_list import load

LIST = Path(__file__).parents[3] / "corpus" / "sources.yaml"


def test_the_list_that_comes_with_humphrey_is_whole():
    sources = load(LIST)

    assert (len(sources.wanted), len(sources.elsewhere)) == (73, 12)
    assert len({each.path for each in sources.wanted}) == 73
    assert all(each.url.startswith("https://") for each in sources.elsewhere)
