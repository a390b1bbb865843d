"""No Chromium survives the server that started it, however it ends."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from launcher.chromium import find_chromium

pytestmark = pytest.mark.skipif(not find_chromium(), reason="no Chromium here")

REPORT = "/report/pdf/base.report_irmodulereference"
MARK = "report_chromium."


def print_some(server, count=6):
    """Print the same document from several sides at once, return the PDFs."""
    (module_id,) = server.call("ir.module.module", "search", [[["name", "=", "web"]]])

    def fetch(_number):
        url = f"{server.url}{REPORT}/{module_id}"
        with server._opener.open(url, timeout=120) as answer:
            return answer.read()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(fetch, range(count)))


def find_browsers(server):
    """The browsers of this server, each with the processes under it."""
    family = psutil.Process(server.process.pid).children(recursive=True)
    browsers = []
    for process in family:
        try:
            command = process.cmdline()
        except psutil.Error:
            continue  # helpers come and go
        if command[:1] == ["/bin/sh"] and any(MARK in word for word in command):
            profile = Path(next(word for word in command if MARK in word))
            members = [process, *process.children(recursive=True)]
            browsers.append((profile, members))
    return browsers


def find_left(browsers):
    """Processes and folders of these browsers that are still there.

    By their command line: helpers that left the family are found as well.
    """
    profiles = [str(profile) for profile, _members in browsers]
    left = [profile for profile in profiles if Path(profile).exists()]
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(
            profile in words for profile in profiles
        ):
            left.append(f"{process.pid} {words[:200]}")
    return left


def wait_gone(browsers, seconds=15):
    """What is still there after a while."""
    deadline = time.monotonic() + seconds
    while (left := find_left(browsers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize("workers", [0, 2])
def test_killed_server_leaves_no_browser(site, workers):
    server = site.server(workers=workers)
    for pdf in print_some(server):
        assert pdf.startswith(b"%PDF")
    browsers = find_browsers(server)
    assert 1 <= len(browsers) <= max(workers, 1), "one per process that prints"
    assert all(len(members) > 2 for _profile, members in browsers)
    server.kill()
    assert wait_gone(browsers) == []


def test_stopped_server_leaves_no_browser(site):
    server = site.server(workers=2)
    print_some(server, 2)
    browsers = find_browsers(server)
    assert browsers
    server.stop()
    assert wait_gone(browsers) == []


def test_killed_worker_is_replaced_and_prints_again(site):
    server = site.server(workers=2)
    print_some(server)
    browsers = find_browsers(server)
    assert server.kill_workers()
    assert wait_gone(browsers) == []
    time.sleep(2)  # the master makes other workers
    assert print_some(server, 2)[0].startswith(b"%PDF")


def test_server_with_one_process_does_not_wait_for_itself(site):
    server = site.server(workers=1)
    started_at = time.monotonic()
    assert print_some(server, 3)[0].startswith(b"%PDF")
    assert time.monotonic() - started_at < 60
