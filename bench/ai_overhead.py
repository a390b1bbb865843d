"""What the engine adds to the time of a language model, from the click to the answer.

Questions go one after the other to the demo's stand-in, which answers after half a
second. A question lasts from the click (the call of the screen) until the server tells
the screen over its bus that the kept answer is there: the wait for a job and every
commit are in it. The same question sent straight to the stand-in is the reference, the
rest is ours. Nothing else is at work: the server's own start is waited for. Needs
`CRM_STANDIN_OPENAI_URL` and `CRM_BENCH_CONF`.
"""

import json
import os
import select
import statistics
import time
import urllib.request

import psycopg2
from _invoices import dsn_from_environment
from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "80"))
MODEL_SECONDS = 0.5
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.5
LIMIT_MS = 150
FEATURE = "copilot.draft"
FIELDS = ["state", "answered_by", "fallback_reason"]
# Odoo's bus tells its servers here that there is something for a screen.
BUS = "imbus"


def standin_url():
    url = os.environ.get("CRM_STANDIN_OPENAI_URL")
    if not url:
        raise SystemExit("CRM_STANDIN_OPENAI_URL does not say where the stand-in is")
    return url.rstrip("/")


def post(url, values):
    request = urllib.request.Request(  # noqa: S310 - our own stand-in
        url,
        data=json.dumps(values).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Bearer standin_key",
        },
    )
    return urllib.request.urlopen(request, timeout=30).read()  # noqa: S310


def set_pace(seconds, piece_seconds=0):
    root = standin_url().removesuffix("/v1")
    pace = {"latency_seconds": seconds, "piece_seconds": piece_seconds}
    post(f"{root}/_standin/settings", pace)


def ask_directly():
    """Return the seconds of one question without us."""
    question = {
        "model": "gpt-standin",
        "messages": [{"role": "user", "content": "Bonjour"}],
    }
    started = time.perf_counter()
    post(f"{standin_url()}/chat/completions", question)
    return time.perf_counter() - started


class Ear:
    """Hears what a screen would be told."""

    def __init__(self):
        self.connection = psycopg2.connect(dsn_from_environment(), dbname="postgres")
        self.connection.autocommit = True
        self.connection.cursor().execute(f"LISTEN {BUS}")

    def wait(self, seconds):
        """Return when something is told, at the latest after some seconds."""
        select.select([self.connection], [], [], seconds)
        self.connection.poll()
        self.connection.notifies.clear()


def ask(client, ear, lead, context):
    """Return the seconds of one question: until it is written, until its answer.

    :param context: what a screen sends along
    """
    # nobody clicks again at once: the job of the last question ends meanwhile
    time.sleep(PAUSE_SECONDS)
    args = [FEATURE, "crm.lead", lead, {"kind": "follow_up"}]
    started = time.perf_counter()
    call = client.call("crm.ai.call", "ask", *args, context=context)["id"]
    written = time.perf_counter() - started
    while time.perf_counter() - started < PATIENCE_SECONDS:
        ear.wait(MODEL_SECONDS)
        told = time.perf_counter() - started
        if told < MODEL_SECONDS:
            # "it is being asked": the answer cannot be there yet
            continue
        [row] = client.call("crm.ai.call", "read", [call], FIELDS)
        if row["state"] not in ("pending", "running"):
            if row["answered_by"] != "model":
                raise SystemExit(f"no model answered: {row}")
            return written, told
    raise SystemExit(f"no answer within {PATIENCE_SECONDS} s")


def wait_until_idle(client, seconds=300):
    """Wait for what a new server does first: its scheduled actions and their jobs."""
    busy = [["state", "in", ["pending", "enqueued", "started"]], ["eta", "=", False]]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        # the server looks once a minute: what is due for less waits for its turn
        before = time.gmtime(time.time() - 60)
        due = [["nextcall", "<=", time.strftime("%F %T", before)]]
        crons = client.call("ir.cron", "search_count", due)
        if not crons and not client.call("queue.job", "search_count", busy):
            return
        time.sleep(2)
    raise SystemExit(f"the server was not idle within {seconds} s")


def main():
    client, ear = OdooClient().login(), Ear()
    wait_until_idle(client)
    [route] = client.call("crm.ai.route", "search_read", [], ["company_id"], limit=1)
    domain = [
        ["type", "=", "opportunity"],
        ["partner_id", "!=", False],
        ["company_id", "=", route["company_id"][0]],
    ]
    context = {
        "lang": "fr_FR",
        "tz": "Europe/Paris",
        "allowed_company_ids": [route["company_id"][0]],
    }
    leads = client.call("crm.lead", "search", domain, limit=COUNT)
    set_pace(MODEL_SECONDS)
    try:
        for lead in leads[:3]:
            ask(client, ear, lead, context)
        direct = [1000 * ask_directly() for _time in range(COUNT)]
        asked = [ask(client, ear, leads[n % len(leads)], context) for n in range(COUNT)]
    finally:
        set_pace(0)
    reference = statistics.median(direct)
    whole = [1000 * told for _written, told in asked]
    ours = [duration - reference for duration in whole]
    median = statistics.median(whole)
    click = statistics.median(1000 * written for written, _told in asked)
    print_table(
        f"AI overhead, {COUNT} drafts, a model that takes {MODEL_SECONDS} s",
        [
            ("straight to the model, median", reference, "ms"),
            ("from the click to the screen that is told, median", median, "ms"),
            ("  against the model alone", median / reference, "x"),
            ("  the click itself, median", click, "ms"),
            ("of which ours, median", statistics.median(ours), "ms"),
            (f"of which ours, p95 (limit {LIMIT_MS})", percentile(ours, 0.95), "ms"),
        ],
    )
    if percentile(ours, 0.95) >= LIMIT_MS:
        raise SystemExit(f"our part is not under {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
