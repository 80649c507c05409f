"""Nothing that a page would follow, fetch or run survives in a model's words; the words do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.drafting.agent.sanitising import sanitise


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Hello ![secret](http://evil.example/a?b=c) there", "Hello secret there"),
        ("<img src=x onerror=alert(1)>Hello", "Hello"),
        ("<scr<b>ipt>alert(1)</script>Hello", "alert(1)Hello"),
        ("<style>p{background:url(http://e)}</style>Hello", "Hello"),
        ("[Click](javascript:alert(1)) now", "Click now"),
        ("[![i](http://a.example/b)](http://d.example/f) end", "i end"),
        ("[words][ref]\n\n[ref]: http://evil.example/", "words"),
        ("See https://user:pass@evil.example/x?y=1. And www.gov.example/foi.", "See evil.example. And gov.example."),
        ("Tell <https://evil.example/a> it", "Tell evil.example it"),
        ("cut off <img src=http://evil.example/x", "cut off ‹img src=evil.example"),
        ("Zero\u200bwidth and \u202eturned", "Zerowidth and turned"),
        ("a < b, 5 <6 and [1][2] stay, [1, 2] too", "a < b, 5 <6 and [1][2] stay, [1, 2] too"),
    ],
)
def test_markup_goes_and_words_stay(written: str, left: str) -> None:
    assert sanitise(written) == left


def test_words_that_must_stay_are_left_as_they_are() -> None:
    request = "Send <b>all</b> of http://example.org/x"
    assert sanitise(f"You asked: {request} <i>now</i>", [request, ""]) == f"You asked: {request} now"


@given(st.text(alphabet="<>[]()!/abhtp:s. img", max_size=80))
def test_plain_text_is_plain(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
