"""JSON of the answer's schema becomes the reply that everything else reads, a sentence at a time."""

import json

import pytest

from humphrey.llm.structured_output import JsonReplyParser, schema

ANSWER = {
    "status": "partial",
    "sentences": [
        {"text": "A reply is due within 20 working days.", "passages": [1, 3]},
        {"text": "Say “sorry” when it is late.", "passages": []},
    ],
}


REPLY = "STATUS: partial\nA reply is due within 20 working days. [1] [3] Say “sorry” when it is late. "


def unfolded(text: str, size: int) -> tuple[str, JsonReplyParser]:
    unfolding = JsonReplyParser()
    return "".join(unfolding.add(text[at : at + size]) for at in range(0, len(text), size)), unfolding


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("indent", [None, 2])
def test_json_becomes_a_status_line_and_sentences_with_their_markers(size, indent):
    words, unfolding = unfolded(json.dumps(ANSWER, ensure_ascii=indent is None, indent=indent), size)
    assert words == REPLY
    assert unfolding.told
    assert not unfolding.prose


def test_a_sentence_is_shown_as_soon_as_it_is_whole():
    text = json.dumps(ANSWER)
    unfolding = JsonReplyParser()
    assert unfolding.add(text[: text.index('{"text": "Say')]).endswith("working days. [1] [3] ")


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_json_between_fences_of_code_is_read_too(size):
    assert unfolded(f"```json\n{json.dumps(ANSWER)}\n```", size)[0] == REPLY


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize("prose", ["STATUS: answered\nIt is due. [1]", "  Hello", "`code` first", "[1] says so"])
def test_prose_passes_through_as_it_is(prose, size):
    words, unfolding = unfolded(prose, size)
    assert words == prose
    assert unfolding.prose


@pytest.mark.parametrize(
    "strange",
    ["{}", '{"answer": "It is due."}', '{"status": 7, "sentences": []}', '{"status": "answered", "sentences": [', "["],
)
def test_json_of_another_shape_tells_nothing(strange):
    assert not unfolded(strange, 3)[1].told


@pytest.mark.parametrize("entry", ["7", "null", '{"text": ""}', '{"text": "x", "passages": "1"}', '{"passages": [1]}'])
def test_a_strange_sentence_does_no_harm_to_those_after_it(entry):
    text = '{"status": "answered", "sentences": [' + entry + ', {"text": "It is due.", "passages": [2, true]}]}'
    assert unfolded(text, 4)[0].endswith("It is due. [2] ")


def test_the_schema_allows_only_the_numbers_of_the_passages_that_are_given():
    given = schema([3, 1])
    assert given["properties"]["sentences"]["items"]["properties"]["passages"]["items"]["enum"] == [1, 3]
    assert given["additionalProperties"] is False
