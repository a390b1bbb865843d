"""How long an invoice takes to become a PDF, by Chromium and by wkhtmltopdf.

Both sides start from the same record of the demo company and are warm. The side of
wkhtmltopdf is what core does with the distribution's program: the page rendered by
Odoo, then the program with core's own arguments. Without the program (on PATH or in
WKHTMLTOPDF) that side is left out, and so is the ratio.
"""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "15"))
BATCH = 50
WANTED_RATIO = 5.0
MARK = re.compile(r"report_chromium\.\w+")
REPORT = "account.report_invoice"
# Core's arguments for the A4 paper of the demo company, 19.0.
ARGUMENTS = (
    "--disable-local-file-access --quiet --page-size A4 --orientation Portrait"
    " --dpi 90 --zoom 1.0666666666666667 --margin-top 52 --margin-bottom 32"
    " --margin-left 0 --margin-right 0 --header-spacing 52 --javascript-delay 1000"
).split()


def find_invoices(client, count):
    domain = [["move_type", "=", "out_invoice"], ["state", "=", "posted"]]
    ids = client.call("account.move", "search", domain, limit=count)
    if not ids:
        raise SystemExit("no invoice in this database: is it the demo company?")
    return ids


def measure(action, count):
    seconds = []
    for _ in range(count):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return seconds


def find_wkhtmltopdf():
    return os.environ.get("WKHTMLTOPDF") or shutil.which("wkhtmltopdf")


def fetch(client, path):
    """The body of a page; anything but a success ends the measurement."""
    status, content, _seconds = client.request("GET", path)
    if status != 200:
        raise SystemExit(f"{path}: {status} {content[:300]!r}")
    return content


def measure_wkhtmltopdf(client, program, path):
    """Seconds of five printings, Odoo's rendering of the page included."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "invoice.html", Path(name) / "invoice.pdf"

        def work():
            page = fetch(client, path).decode()
            base = f'<head><base href="{client.url}/"/>'
            source.write_text(page.replace("<head>", base, 1))
            command = [program, *ARGUMENTS, source, target]
            done = subprocess.run(command, capture_output=True)
            # 1: a part of the page was refused; core takes the file all the same.
            if done.returncode not in (0, 1) or not target.stat().st_size:
                raise SystemExit(f"wkhtmltopdf failed: {done.stderr.decode()[-500:]}")

        return measure(work, 5)


def read_browser_bytes():
    """Memory of a Chromium that prints here, pages shared by processes counted once.

    Of the biggest one: other servers may print on this machine.
    """
    totals = {}
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        profile = next((MARK.search(w) for w in words if MARK.search(w)), None)
        if profile:
            try:
                size = process.memory_full_info().pss
            except psutil.Error:
                continue  # it ended meanwhile
            totals[profile.group()] = totals.get(profile.group(), 0) + size
    return max(totals.values(), default=0)


def main():
    client = OdooClient().login()
    invoices = find_invoices(client, BATCH)
    one = f"/report/pdf/{REPORT}/{invoices[0]}"
    everything = f"/report/pdf/{REPORT}/{','.join(map(str, invoices))}"
    page = f"/report/html/{REPORT}/{invoices[0]}"
    [first] = measure(lambda: fetch(client, one), 1)
    warm = measure(lambda: fetch(client, one), COUNT)
    html = measure(lambda: fetch(client, page), COUNT)
    *_cold, batch = measure(lambda: fetch(client, everything), 2)
    median = statistics.median(warm)
    rows = [
        ("first document, the browser starts", first * 1000, "ms"),
        ("one invoice, warm, median", median * 1000, "ms"),
        ("one invoice, warm, p95", percentile(warm, 0.95) * 1000, "ms"),
        ("of which Odoo renders the page", statistics.median(html) * 1000, "ms"),
        (f"{len(invoices)} invoices at once", batch, "s"),
        ("memory of Chromium", read_browser_bytes() / 1e6, "MB"),
    ]
    program, ratio = find_wkhtmltopdf(), None
    if program:
        old = statistics.median(measure_wkhtmltopdf(client, program, page))
        # Odoo renders the page on both sides: the engines without it.
        rendering = statistics.median(html)
        ratio = (old - rendering) / (median - rendering)
        rows += [
            ("wkhtmltopdf, one invoice, median", old * 1000, "ms"),
            ("wkhtmltopdf / Chromium, as the user waits", old / median, "x"),
            ("wkhtmltopdf / Chromium, without Odoo's part", ratio, "x"),
        ]
    print_table(f"An invoice as PDF, {COUNT} times", rows)
    if not program:
        print("  wkhtmltopdf is not on this machine: no ratio")
    elif ratio < WANTED_RATIO:
        raise SystemExit(f"less than {WANTED_RATIO} times faster than wkhtmltopdf")


if __name__ == "__main__":
    main()
