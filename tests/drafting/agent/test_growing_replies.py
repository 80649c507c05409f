import pytest

from humphrey.drafting.agent.replies import StreamedReply
from humphrey.errors import ModelError

PROMPT = "You answer from guidance only, and every sentence of your answer names the passage that it comes from."


def shown(*pieces: str, given: str = "") -> list[str]:
    seen: list[str] = []
    growing = StreamedReply(seen.append, prompt=PROMPT, given=given)
    for piece in pieces:
        growing.add("reply", piece)
    return seen


def test_a_model_that_repeats_its_instructions_is_stopped_and_what_was_shown_is_taken_back():
    seen: list[str] = []
    growing = StreamedReply(seen.append, prompt=PROMPT)
    growing.add("reply", "STATUS: answered\nGladly. ")

    def go_on() -> None:
        for word in PROMPT.split():
            growing.add("reply", f"{word} ")

    with pytest.raises(ModelError, match="repeated its instructions"):
        go_on()

    assert seen[-1] == ""
    assert not any("the passage that" in text for text in seen)


def test_a_few_words_that_the_instructions_have_too_are_english():
    assert shown("STATUS: answered\n", "Every sentence of your answer names the passage. [1]")[-1].startswith("Every")


def test_what_the_asker_wrote_may_be_said_again():
    assert shown("STATUS: answered\n", PROMPT, given=f"Put this in plain words: {PROMPT}")[-1] == PROMPT


def test_a_long_reply_in_small_pieces_is_shown_a_bounded_number_of_times():
    seen = shown("STATUS: answered\n", *["and so on "] * 4_000)

    assert len(seen[-1]) > 38_000
    assert len(seen) < 700
