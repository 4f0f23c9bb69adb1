"""The text that patterns see, character for character beside the message."""

import pytest

from rag.wording.draft import Draft


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("mroe like the frist one", "more like the first one"),
        ("find papres on form and from", "find papers on form and from"),
        ("SIMILRA", "similar"),
        ("机器翻译，请用英文回答", "机器翻译,请用英文回答"),
        ("「圖神經網路」的論文", "「图神经网路」的论文"),
    ],
)
def test_slipped_letters_of_asking_and_other_characters_are_put_right(message: str, plain: str) -> None:
    draft = Draft(message)
    assert (draft.text, draft.plain) == (message, plain)


@pytest.mark.parametrize("message", ["casual inference", "trail of a trial", "unclear nuclear", "quite quiet", "mroes", "x" * 50])
def test_words_of_a_topic_stay_as_they_are(message: str) -> None:
    assert Draft(message).plain == message
