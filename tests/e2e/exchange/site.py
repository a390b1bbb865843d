"""A database and the Odoo servers that run on it."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

# Said by the job runner when it finds what a killed server left: the very subject.
EXPECTED_LINES = re.compile(
    r"Re-queued dead job|was requested to run job|is a security risk"
    r"|bad query: .SELECT uuid FROM queue_job"
    r"|exception in GET|Max retries exceeded|Connection refused"
)
BEHIND = """
WITH RECURSIVE behind AS (
    SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))
     UNION
    SELECT next.pid FROM pg_stat_activity next
      JOIN behind ON behind.pid = ANY(pg_blocking_pids(next.pid))
)
SELECT count(*) FROM behind
"""
PROGRAM = Path(__file__).resolve().parents[3] / "launcher" / "program" / "odoo"
CHANNELS = "root:4,root.crm_exchange:3"


@dataclass(frozen=True)
class Place:
    """Where Odoo and its databases come from."""

    command: list[str]
    env: dict[str, str]
    template: str
    dsn: dict[str, object]
    clone: Callable[[str, str], None]
    drop: Callable[[str], None]
    full_name: Callable[[str], str] = str


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One Odoo process group with its job runner.

    :param workers: 0 for threads in one process, else that many processes
    """

    def __init__(self, site: "Site", number: int, workers: int = 0):
        self.site = site
        self.workers = workers
        self.log = site.folder / f"server{number}.log"
        self.process: subprocess.Popen | None = None
        self.port = free_port()
        self._opener = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        """Start and wait until it answers."""
        place = self.site.place
        command = [
            *place.command,
            f"--database={self.site.database}",
            f"--db-filter=^{self.site.database}$",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            f"--workers={self.workers}",
            "--max-cron-threads=0",
            f"--logfile={self.log}",
        ]
        env = {**place.env, "ODOO_QUEUE_JOB_CHANNELS": CHANNELS}
        env["ODOO_QUEUE_JOB_PORT"] = str(self.port)
        env["ODOO_QUEUE_JOB_HOST"] = "127.0.0.1"
        self.process = subprocess.Popen(
            command,
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        self._wait_ready()
        return self

    def _wait_ready(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"the server stopped:\n{self.log.read_text()[-3000:]}"
                )
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server does not answer")

    def kill(self):
        """kill -9 of the whole process group: no goodbye, no clean-up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_workers(self) -> int:
        """kill -9 of the processes that answer requests; the master makes others."""
        killed = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = folder.joinpath("stat").read_text().rpartition(")")[2]
                is_chat = b"gevent\0" in folder.joinpath("cmdline").read_bytes()
            except OSError:
                continue
            if int(status.split()[1]) == self.process.pid and not is_chat:
                os.kill(int(folder.name), signal.SIGKILL)
                killed += 1
        return killed

    def stop(self):
        """End it, gently if it can."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def call(self, model: str, method: str, args: list, kwargs: dict | None = None):
        """Call a method as the admin of the template."""
        if not self._opener:
            self._opener = urllib.request.build_opener(
                urllib.request.HTTPCookieProcessor()
            )
            login = {"db": self.site.database, "login": "admin", "password": "admin"}
            self._json("/web/session/authenticate", login)
        params = {"model": model, "method": method, "args": args}
        params["kwargs"] = kwargs or {}
        return self._json(f"/web/dataset/call_kw/{model}/{method}", params)

    def _json(self, path: str, params: dict):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", body.encode(), headers)
        with self._opener.open(request, timeout=120) as answer:
            content = json.load(answer)
        if "error" in content:
            raise RuntimeError(content["error"]["data"]["debug"])
        # Absent when the method returned nothing.
        return content.get("result")

    def post(self, path: str, body: bytes, headers: dict) -> int:
        """Post bytes, return the HTTP status."""
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.url}{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


class Site:
    """A copy of the template, its servers and its truth in SQL."""

    def __init__(self, place: Place, name: str, folder: Path):
        self.place = place
        self.database = place.full_name(name)
        self.folder = folder
        self.servers: list[Server] = []

    @staticmethod
    def place_from_env(command: list[str], env) -> Place:
        """Use the Odoo and the PostgreSQL the environment names."""
        tools = dict(env)
        dsn = {
            "host": env.get("PGHOST"),
            "port": env.get("PGPORT"),
            "user": env["PGUSER"],
        }

        def clone(source, target):
            subprocess.run(["createdb", "-T", source, target], env=tools, check=True)

        def drop(name):
            subprocess.run(
                ["dropdb", "--if-exists", "--force", name], env=tools, check=True
            )

        return Place(command, tools, env["CRM_E2E_TEMPLATE"], dsn, clone, drop)

    @staticmethod
    def place_from_workspace(workspace, template: str) -> Place:
        """Use what the launcher prepared for the tests."""
        conf = workspace.write_conf("exchange", channels=CHANNELS)
        address = workspace.postgres.address
        return Place(
            # Not `-m odoo`: with workers Odoo starts its program once more.
            [str(workspace.venv.python), str(PROGRAM), "server", "-c", str(conf)],
            workspace.env(),
            template,
            {"host": address.host, "port": address.port, "user": address.user},
            workspace.clone,
            workspace.drop,
            workspace.database,
        )

    @classmethod
    @contextmanager
    def opened(cls, place: Place, name: str, folder: Path):
        """A fresh database and the means to run servers on it; all gone afterwards.

        :param name: begins the name of the database
        """
        site = cls(place, f"{name}_{uuid.uuid4().hex[:8]}", folder)
        site.create()
        try:
            yield site
            site.check_logs()
        finally:
            site.destroy()

    def create(self):
        self.place.clone(self.place.template, self.database)

    def destroy(self):
        for server in self.servers:
            server.stop()
        self.place.drop(self.database)

    def server(self, workers: int = 0) -> Server:
        """Start one more server on this database."""
        server = Server(self, len(self.servers) + 1, workers)
        self.servers.append(server)
        return server.start()

    def restart(self, server: Server) -> Server:
        """Start again what was killed, on the same port, with a log of its own."""
        server.log = self.folder / f"{server.log.stem}b.log"
        return server.start()

    def rows(self, sql: str, *args) -> list[tuple]:
        """Ask the database itself."""
        link = psycopg2.connect(dbname=self.database, **self.place.dsn)
        with closing(link), link, link.cursor() as cursor:
            cursor.execute(sql, args)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def holding(self, table: str):
        """Let nobody write a table: whoever comes to it waits in mid-transaction.

        :return: a function that tells how many wait, behind us or behind each other
        """
        link = psycopg2.connect(dbname=self.database, **self.place.dsn)
        with closing(link):
            with link.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield lambda: self.rows(BEHIND, link.info.backend_pid)[0][0]

    def wait_until(self, done: Callable[[], bool], seconds: float, what: str):
        """Poll until `done()`, fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                states = self.rows(
                    "SELECT direction, state, count(*) FROM crm_exchange GROUP BY 1, 2"
                )
                jobs = self.rows(
                    "SELECT method_name, state, count(*), max(eta) FROM queue_job"
                    " GROUP BY 1, 2"
                )
                raise AssertionError(f"{what}: {states} {jobs}")
            time.sleep(0.1)

    def count(self, condition: str, *args) -> int:
        """Count exchanges."""
        sql = f"SELECT count(*) FROM crm_exchange WHERE {condition}"
        return self.rows(sql, *args)[0][0]

    def effects(self) -> dict[str, int]:
        """How many times each message had its effect."""
        return dict(
            self.rows(
                "SELECT name, count(*) FROM crm_integrations_test_effect GROUP BY name"
            )
        )

    def check_logs(self):
        """No warning nor error but what a killed server explains."""
        troubles = []
        for log in self.folder.glob("server*.log"):
            for line in log.read_text().splitlines():
                is_trouble = re.search(r" \d+ (WARNING|ERROR|CRITICAL) ", line)
                if is_trouble and not EXPECTED_LINES.search(line):
                    troubles.append(f"{log.name}: {line}")
        assert not troubles, "\n".join(troubles)
