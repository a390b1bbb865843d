import os
import signal
import threading
import time

import pytest

from launcher import proc
from launcher.proc import CommandError, _Interruption


def test_output_and_input_pass_through():
    assert proc.run(["cat"], text_input="hé").stdout == "hé"


def test_failure_names_the_line_that_says_why():
    script = "echo starting; echo 'Error: no such table' >&2; echo bye; exit 3"
    with pytest.raises(CommandError) as caught:
        proc.run(["sh", "-c", script])
    assert caught.value.code == 3
    assert caught.value.last_line == "Error: no such table"


def test_complaint_of_apt_is_found_among_its_progress():
    script = "echo 'E: Release file is expired' >&2; echo 'Reading package lists...'"
    with pytest.raises(CommandError) as caught:
        proc.run(["sh", "-c", f"{script}; exit 100"])
    assert caught.value.last_line == "E: Release file is expired"


def test_log_receives_both_outputs(tmp_path):
    log = tmp_path / "x.log"
    proc.run(["sh", "-c", "echo out; echo err >&2"], log=log)
    assert sorted(log.read_text().split()) == ["err", "out"]


def test_stopping_ends_the_whole_group():
    child = proc.start(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=-1)
    grandchild = int(child.popen.stdout.readline())
    assert proc.birth_of(grandchild)
    child.stop(grace_seconds=1)
    child.popen.stdout.close()
    deadline = time.monotonic() + 3
    while proc.birth_of(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not proc.birth_of(grandchild)


def test_program_that_ignores_politeness_is_ended():
    child = proc.start(["sh", "-c", "trap '' TERM; echo up; sleep 60"], stdout=-1)
    child.popen.stdout.readline()
    child.stop(grace_seconds=0.2)
    child.popen.stdout.close()
    assert not child.is_running()


def test_forgotten_program_is_ended_at_the_end():
    child = proc.start(["sleep", "60"])
    proc.stop_all()
    assert not child.is_running()


def test_interruption_during_a_command_ends_the_command():
    interruption = _Interruption()
    former = signal.signal(signal.SIGUSR1, interruption.handle)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    started_at = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            proc.run(["sleep", "30"])
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert time.monotonic() - started_at < 10
    assert not proc._alive


def test_signal_in_a_short_critical_part_waits_for_its_end():
    interruption = _Interruption()
    done = []
    with pytest.raises(KeyboardInterrupt), interruption.held_back():
        interruption.handle(signal.SIGTERM, None)
        done.append("all of it")
    assert done == ["all of it"]


def test_second_signal_does_not_cut_the_cleaning_up():
    interruption = _Interruption()
    with pytest.raises(KeyboardInterrupt):
        interruption.handle(signal.SIGINT, None)
    interruption.handle(signal.SIGINT, None)
    assert interruption.received == signal.SIGINT


def test_dead_process_has_no_birth():
    child = proc.start(["true"])
    time.sleep(0.2)
    # Ended, and nobody has waited for it yet.
    assert proc.birth_of(child.pid) == 0
    child.stop()
    assert proc.birth_of(os.getpid()) > 0
