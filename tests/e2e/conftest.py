"""One server, one stand-in for Stripe and one browser for the journeys of a process."""

import os

import pytest

from launcher.chromium import ensure_chromium
from tests.e2e.browsing import Browsing
from tests.e2e.running_site import RunningSite
from tests.e2e.stripe_world import stripe_standin
from tests.standins.llm import LlmStandin

# Two processes share the files of the journeys; each has its own server.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def stripe(workspace):
    """The stand-in, a process of its own."""
    with stripe_standin(workspace.logs / f"standin_stripe{PROCESS}.txt") as stripe:
        yield stripe


@pytest.fixture(scope="session")
def site(workspace, stripe):
    """A server with its job runner on a copy of the template."""
    from launcher.testing.template import ensure_templates

    template = ensure_templates(workspace).suite
    environment = {"CRM_STANDIN_STRIPE_URL": stripe.url}
    site = RunningSite(workspace, template, f"journeys{PROCESS}", environment)
    try:
        yield site.start()
    finally:
        site.stop()


@pytest.fixture(scope="module")
def llm():
    """The stand-in for language models; what it saw is of one file."""
    with LlmStandin() as standin:
        yield standin


@pytest.fixture(scope="module")
def llm_site(request, workspace, llm):
    """A server of one file whose models are at the stand-in."""
    from launcher.testing.template import ensure_templates

    template = ensure_templates(workspace).suite
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    environment = {"CRM_STANDIN_OPENAI_URL": llm.openai_url}
    site = RunningSite(workspace, template, name.replace("_", ""), environment)
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
