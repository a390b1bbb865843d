import pytest

from launcher.console import Steps, Trouble, human_seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (42.4, "42 s"), (185, "3 min 05 s")],
)
def test_durations_read_like_a_person_says_them(seconds, text):
    assert human_seconds(seconds) == text


def test_steps_are_numbered_and_timed(capsys):
    steps = Steps(2)
    with steps.step("First") as step:
        step.note = "cached"
    with steps.step("Second"):
        steps.detail("half way")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[1/2] First ..."
    assert lines[1].endswith("s: cached")
    assert "half way" in lines[3]


def test_failed_step_is_not_called_done(capsys):
    with pytest.raises(Trouble), Steps(1).step("First"):
        raise Trouble("It broke.", "Mend it.")
    assert "done" not in capsys.readouterr().out


def test_trouble_shows_sentence_and_remedy(capsys):
    Trouble("The disk is full.", "Free 3 GB.").show()
    assert capsys.readouterr().err == "The disk is full.\n  -> Free 3 GB.\n"
