"""Questions to models on real servers: killed, in a crowd, cancelled, passed on."""

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.exchange.site import Site
from tests.standins.faults import Fault
from tests.standins.llm import LlmStandin

FEATURE = "copilot.draft"
PLANTED = {
    "contact_name": "Théophile Vandenbroucke",
    "email_from": "t.vandenbroucke@brasserie-planquee.fr",
    "phone": "+33 6 98 76 54 32",
    "partner_name": "Brasserie Planquée",
}
TRACES = ("Vandenbroucke", "Théophile", "brasserie-planquee", "98 76 54 32", "Planquée")
STATES = "SELECT state, count(*) FROM crm_ai_call WHERE res_id = ANY(%s) GROUP BY 1"


class AiSite:
    """Two servers of one company, a model at a stand-in, deals to write about."""

    def __init__(self, site, llm):
        self.site, self.llm = site, llm
        self.servers = [site.server(), site.server()]

    def call(self, *args, server=0):
        return self.servers[server].call(*args)

    def connect(self, name, url, provider="openai"):
        """Add a model after those that answer already."""
        values = {
            "name": name,
            "provider": provider,
            "base_url": url,
            "ai_model": "gpt-standin" if provider == "openai" else "claude-standin",
            "ai_api_key": "sk-test",
            "ai_timeout_seconds": 20,
        }
        [connection] = self.call("crm.connection", "create", [[values]])
        route = {"connection_id": connection, "sequence": connection}
        self.call("crm.ai.route", "create", [[route]])
        return connection

    def make_deals(self, count):
        values = [
            {"name": f"Affaire {number}", "type": "opportunity", **PLANTED}
            for number in range(count)
        ]
        return self.call("crm.lead", "create", [values])

    def ask(self, lead, server=0):
        args = [FEATURE, "crm.lead", lead, {"kind": "follow_up"}]
        return self.call("crm.ai.call", "ask", args, server=server)["id"]

    def state(self, call):
        [(state,)] = self.site.rows("SELECT state FROM crm_ai_call WHERE id=%s", call)
        return state

    def wait_answered(self, leads, seconds=120):
        self.site.wait_until(
            lambda: dict(self.site.rows(STATES, leads)) == {"done": len(leads)},
            seconds,
            f"answers: {self.site.rows(STATES, leads)}",
        )


@pytest.fixture
def world(workspace, tmp_path):
    from launcher.testing.template import ensure_templates

    with LlmStandin() as llm:
        place = Site.place_from_workspace(workspace, ensure_templates(workspace).suite)
        urls = {
            "CRM_STANDIN_OPENAI_URL": llm.openai_url,
            "CRM_STANDIN_ANTHROPIC_URL": llm.anthropic_url,
        }
        place = dataclasses.replace(place, env={**place.env, **urls})
        with Site.opened(place, "ai", tmp_path) as site:
            yield AiSite(site, llm)
            sent = repr(llm.state.requests)
            assert not [trace for trace in TRACES if trace in sent]


def questions(llm):
    return [r for r in llm.state.requests if "completions" in r["path"]]


def test_a_crowd_is_answered_once_each(world):
    world.connect("Premier", world.llm.openai_url)
    leads = world.make_deals(24)

    def ask_half(number):
        for lead in leads[number::2]:
            world.ask(lead, server=number)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask_half, range(2)))
    world.wait_answered(leads)
    rows = "SELECT DISTINCT answered_by, model FROM crm_ai_call WHERE res_id = ANY(%s)"
    assert world.site.rows(rows, leads) == [("model", "gpt-standin")]
    # a draft may be repaired once, never asked by two jobs
    systems = [str(request["body"]) for request in questions(world.llm)]
    assert len(systems) <= 2 * len(leads)
    first = [body for body in systems if body.count("'role': 'user'") == 1]
    assert len(first) == len(leads)


def test_killed_while_the_model_thinks(world):
    world.connect("Lent", world.llm.openai_url)
    leads = world.make_deals(4)
    world.llm.state.settings.latency_seconds = 15
    for lead in leads:
        world.ask(lead)
    site = world.site
    site.wait_until(lambda: len(questions(world.llm)) == 4, 60, "nobody asks")
    for server in world.servers:
        server.kill()
    assert dict(site.rows(STATES, leads)) == {"running": 4}
    world.llm.state.settings.latency_seconds = 0
    # The runner takes up dead jobs older than ten seconds; the lease ends by itself.
    site.rows("UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 min'")
    site.restart(world.servers[0])
    world.wait_answered(leads, seconds=150)
    drafts = "SELECT count(*) FROM crm_ai_call WHERE answered_by = 'model'"
    assert site.rows(drafts) == [(4,)]


def test_cancelled_while_it_is_written(world):
    world.connect("Bavard", world.llm.openai_url)
    world.llm.state.settings.piece_chars = 2
    world.llm.state.settings.piece_seconds = 0.4
    [lead] = world.make_deals(1)
    call = world.ask(lead)
    world.site.wait_until(lambda: world.state(call) == "running", 30, "not started")
    time.sleep(1)
    started = time.monotonic()
    # by the other server: the flag is in the database
    world.call("crm.ai.call", "action_cancel", [[call]], server=1)
    world.site.wait_until(lambda: world.state(call) == "cancelled", 20, "not cancelled")
    assert time.monotonic() - started < 6


def test_the_next_model_answers_without_a_restart(world):
    world.connect("En panne", world.llm.openai_url)
    world.connect("Secours", world.llm.anthropic_url, provider="anthropic")
    world.llm.state.faults.append(Fault("500", count=100, path="completions"))
    [lead] = world.make_deals(1)
    world.ask(lead)
    world.wait_answered([lead])
    rows = "SELECT provider, answered_by, steps FROM crm_ai_call WHERE res_id = %s"
    [(provider, answered_by, steps)] = world.site.rows(rows, lead)
    assert (provider, answered_by) == ("anthropic", "model")
    assert [step["outcome"] for step in steps] == ["unavailable", "ok"]
