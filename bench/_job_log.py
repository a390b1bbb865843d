"""What the jobs of the bench's server cost, from its own log and from the kernel.

The server writes for each request how many queries it made, and the seconds in the
database and outside. Memory is the highest resident size since the last look.
"""

import json
import os
import re
from pathlib import Path

JOB = re.compile(r"/queue_job/runjob\S* HTTP/1\.\d\" 200 - (\d+) ([\d.]+) ([\d.]+)")


class JobLog:
    """Follows one server that `./crm up` started."""

    def __init__(self):
        conf = os.environ.get("CRM_BENCH_CONF")
        if not conf:
            raise SystemExit("Set CRM_BENCH_CONF to the file of the server.")
        local = Path(conf).parent
        children = json.loads((local / "run" / "up.json").read_text())["children"]
        self.process = Path("/proc") / str(children["odoo"][0])
        self.path = local / "log" / "odoo.log"
        self.offset = self.path.stat().st_size

    def take(self):
        """Return (queries, seconds) of the jobs that ended since the last look."""
        with self.path.open("rb") as stream:
            stream.seek(self.offset)
            text = stream.read().decode(errors="replace")
            self.offset = stream.tell()
        jobs = [tuple(map(float, found)) for found in JOB.findall(text)]
        return sum(job[0] for job in jobs), sum(job[1] + job[2] for job in jobs)

    def forget_memory(self):
        (self.process / "clear_refs").write_text("5")

    def peak_memory_mb(self):
        found = re.search(r"VmHWM:\s+(\d+)", (self.process / "status").read_text())
        return int(found[1]) / 1024
