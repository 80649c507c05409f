import pytest

from humphrey.drafting.agent.replies import StreamedReply
from humphrey.errors import ModelError

PROMPT = "You answer from guidance only, and every sentence of your answer names the passage that it comes from."


def shown(*pieces: str, given: str = "", titled: bool = True) -> list[str]:
    seen: list[str] = []
    growing = StreamedReply(seen.append, prompt=PROMPT, given=given, titled=titled)
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


def test_thoughts_that_name_the_status_line_are_not_shown():
    thoughts = "So the STATUS comes first.\nIt may be 99 days.\n"

    assert shown(thoughts, "Or 98.</think>\nSTATUS: answered\n", "It is 20 days.")[-1] == "It is 20 days."
    assert not any("9" in text for text in shown(thoughts, "Or 98.</think>\nSTATUS: answered\n", "It is 20 days."))


def test_thoughts_before_a_text_without_a_status_line_are_not_shown():
    seen = shown("Make it shorter, ", "say 99 words.\n", "</think>\n", "Dear ", "all", titled=False)

    assert seen[-1] == "Dear all"
    assert not any("9" in text for text in seen)


@pytest.mark.parametrize(
    ("opening", "given"),
    [("Thank you for your letter of May", "Thank you for your letter of May. It was long."), ("A line. " * 300, "")],
)
def test_a_text_that_is_no_thought_is_shown_while_it_grows(opening, given):
    assert shown(opening, " and all", given=given, titled=False)[-1].endswith("and all")


def test_a_complete_text_holds_no_thoughts_and_no_instructions():
    growing = StreamedReply(lambda _: None, prompt=PROMPT, titled=False)
    growing.add("part", f"{PROMPT}\n</think>\nShort.")
    growing.add("leak", PROMPT)

    assert growing.finished("part") == "Short."
    with pytest.raises(ModelError, match="repeated its instructions"):
        growing.finished("leak")
