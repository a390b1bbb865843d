"""How long `./crm up` takes when nothing has changed, against Odoo's own start.

The scratch server is stopped and started again; the launcher itself says how long
its last step (the Odoo server until it answers) took. The ratio is the price of
everything the launcher checks before: Python, Odoo, database, addons, stand-ins.
"""

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from _odoo_client import print_table

ROOT = Path(__file__).parents[1]
RUNS = int(os.environ.get("CRM_BENCH_RUNS", "5"))
_SECONDS = r"([\d.]+) s"


def crm(*args):
    env = {**os.environ, "CRM_LOCAL": str(ROOT / ".local" / "bench")}
    command = [sys.executable, ROOT / "crm", *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def main():
    port = str(urlsplit(os.environ["CRM_BENCH_URL"]).port)
    database = os.environ["CRM_BENCH_DB"]
    totals, servers = [], []
    for _run in range(RUNS):
        crm("stop")
        printed = crm("up", "--detach", "--port", port, "--db", database)
        totals.append(float(re.search(rf"ready \(after {_SECONDS}", printed)[1]))
        steps = re.findall(rf"done in {_SECONDS}: answers", printed)
        servers.append(float(steps[-1]))
    total, server = statistics.median(totals), statistics.median(servers)
    print_table(
        f"./crm up again, nothing changed, median of {RUNS}",
        [
            ("until the address answers", total, "s"),
            ("of which Odoo's own start", server, "s"),
            ("ratio", total / server, "x"),
        ],
    )


if __name__ == "__main__":
    main()
