"""One server, one stand-in for Stripe and one browser for all journeys."""

import subprocess
import sys
from pathlib import Path

import pytest

from launcher import proc, system
from launcher.chromium import ensure_chromium
from tests.e2e.browsing import Browsing
from tests.e2e.running_site import RunningSite, wait_until
from tests.e2e.stripe_world import Stripe

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def stripe(workspace):
    """The stand-in, a process of its own."""
    port = system.free_port()
    command = [sys.executable, "-m", "tests.standins.stripe", "--port", str(port)]
    with (workspace.logs / "standin_stripe.txt").open("w") as output:
        child = proc.start(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: not system.is_port_free(port), 20, "the stand-in's start")
        yield Stripe(f"http://127.0.0.1:{port}")
    finally:
        child.stop(grace_seconds=3)


@pytest.fixture(scope="session")
def site(workspace, stripe):
    """A server with its job runner on a copy of the template."""
    from launcher.testing.template import ensure_templates

    template = ensure_templates(workspace).suite
    environment = {"CRM_STANDIN_STRIPE_URL": stripe.url}
    site = RunningSite(workspace, template, "e2e", environment)
    try:
        yield site.start()
    finally:
        site.stop()


@pytest.fixture(scope="session")
def chromium():
    """The machine's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=ensure_chromium(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def browsing(chromium, workspace):
    """Private windows for one test; an error in their console fails it."""
    pictures = workspace.folder / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    browsing = Browsing(chromium, pictures)
    yield browsing
    for context in chromium.contexts:
        context.close()
    browsing.check()
