import os
import stat
import sys
import time
from pathlib import Path

import pytest

from odoo.addons.report_chromium.lib.errors import (
    EngineGoneError,
    EngineMissingError,
    EngineStartError,
    PrintRefusedError,
    PrintTimeoutError,
)
from odoo.addons.report_chromium.lib.paper import PaperFormat
from odoo.addons.report_chromium.providers.chromium import Chromium
from odoo.addons.report_chromium.providers.engine import (
    Engine,
    EngineSettings,
    find_program,
)
from odoo.addons.report_chromium.providers.printer import PrintJob

FAKE = Path(__file__).with_name("fake_browser.py")


def soon(seconds=10):
    return time.monotonic() + seconds


@pytest.fixture
def program(tmp_path):
    """The fake browser, as a program on disk."""
    path = tmp_path / "chromium"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def broken_program(tmp_path):
    """A browser that complains and leaves."""
    path = tmp_path / "broken"
    path.write_text("#!/bin/sh\necho No usable sandbox! >&2\nexit 1\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def browser(program):
    browser = Chromium(program, lambda chromium: None)
    yield browser
    browser.end()


def test_orders_get_their_own_answers(browser):
    assert browser.version == "Fake/1.0"
    first, second = browser.open_mailbox(), browser.open_mailbox()
    assert first.call("Test.echo", {"a": 1}, deadline=soon()) == {"echo": {"a": 1}}
    big = {"text": "x" * 300_000}
    assert second.call("Test.echo", big, deadline=soon()) == {"echo": big}


def test_events_are_handled_by_whoever_waits(browser):
    mailbox, other, seen = browser.open_mailbox(), browser.open_mailbox(), []
    mailbox.on_event = seen.append
    browser.connection.listen("tab", mailbox)
    other.call("Test.event", deadline=soon())
    assert seen == []
    mailbox.call("Test.echo", {}, deadline=soon())
    assert [event["params"] for event in seen] == [{"n": 1}]


def test_a_refusal_names_the_order_and_the_reason(browser):
    with pytest.raises(PrintRefusedError, match="Test.fail: not today"):
        browser.open_mailbox().call("Test.fail", deadline=soon())


def test_silence_ends_at_the_deadline(browser):
    started_at = time.monotonic()
    with pytest.raises(PrintTimeoutError, match="Test.silence"):
        browser.open_mailbox().call("Test.silence", deadline=soon(0.2))
    assert time.monotonic() - started_at < 2


def test_whoever_waits_hears_that_the_browser_died(browser):
    mailbox = browser.open_mailbox()
    with pytest.raises(EngineGoneError):
        mailbox.call("Test.die", deadline=soon())
    assert not browser.is_alive
    with pytest.raises(EngineGoneError):
        browser.open_mailbox()


def test_the_end_of_the_pipe_ends_the_browser_and_its_folder(browser):
    profile = browser.profile
    assert profile.is_dir()
    browser.connection.close()
    assert browser.process.wait(10) == 0
    assert not profile.exists()


def test_a_browser_that_does_not_start_says_why(broken_program):
    with pytest.raises(EngineStartError, match="No usable sandbox"):
        Chromium(broken_program, lambda chromium: None)


def test_who_may_use_the_sandbox_tries_it_first(broken_program, monkeypatch):
    commands = []
    real = Chromium._launch

    def launch(chromium, command):
        commands.append(command)
        return real(chromium, command)

    monkeypatch.setattr(Chromium, "_launch", launch)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(EngineStartError):
        Chromium(broken_program, lambda chromium: None)
    assert ["--no-sandbox" in command for command in commands] == [False, True]


def test_a_missing_program_is_named():
    engine = Engine(EngineSettings(program="/no/such/chromium"))
    job = PrintJob(("<p/>",), PaperFormat(), "http://crm.test", lambda url: None)
    with pytest.raises(EngineMissingError, match="/no/such/chromium"):
        engine.print(job)


def test_the_program_is_found_by_wish_or_on_the_path(program, monkeypatch):
    assert find_program(program) == program
    monkeypatch.setenv("PATH", str(Path(program).parent))
    assert find_program() == program
    monkeypatch.setenv("PATH", "")
    assert find_program() is None
