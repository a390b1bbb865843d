"""A real Odoo server on a copy of the template, and who talks to it."""

import itertools
import time
from pathlib import Path

import requests

from launcher import proc, system

PASSWORD = "admin"
# More than a page needs on a busy machine, less than a person would wait.
PATIENCE_SECONDS = 30


class RpcError(Exception):
    """The server refused. :param name: class of the exception over there"""

    def __init__(self, error: dict):
        data = error.get("data", {})
        super().__init__(data.get("message") or error.get("message"))
        self.name = data.get("name", "")


class Rpc:
    """A logged-in user, as the web client talks for them."""

    def __init__(self, url: str, database: str, login: str = "", password: str = ""):
        self.url = url
        self.session = requests.Session()
        self.uid = False
        self.context: dict = {}
        if login:
            answer = self._post(
                "/web/session/authenticate",
                {"db": database, "login": login, "password": password},
            )
            self.uid = answer["uid"]
            self.context = answer["user_context"]

    def call(self, model: str, method: str, *args, **kwargs):
        """Call a method; :raise RpcError: when the server refuses."""
        kwargs["context"] = {**self.context, **kwargs.get("context", {})}
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def create(self, model: str, **values) -> int:
        (res_id,) = self.call(model, "create", [values])
        return res_id

    def read(self, model: str, res_id: int, *fields: str) -> dict:
        (values,) = self.call(model, "read", [res_id], list(fields))
        return values

    def search(self, model: str, *domain, **kwargs) -> list[int]:
        return self.call(model, "search", list(domain), **kwargs)

    def ref(self, xmlid: str) -> int:
        """The id of a record by its external id."""
        module, name = xmlid.split(".")
        (row,) = self.call(
            "ir.model.data",
            "search_read",
            [("module", "=", module), ("name", "=", name)],
            ["res_id"],
        )
        return row["res_id"]

    def _post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(f"{self.url}{path}", json=body, timeout=120)
        if "json" not in answer.headers.get("Content-Type", ""):
            raise RpcError({"message": f"{answer.status_code} {answer.reason}"})
        content = answer.json()
        if "error" in content:
            raise RpcError(content["error"])
        return content.get("result")


class RunningSite:
    """The server with its job runner; stop() drops everything.

    :param environment: added to the server's
    """

    _numbers = itertools.count(1)

    def __init__(self, workspace, template: str, name: str, environment: dict):
        self.workspace = workspace
        self.template = template
        self.database = workspace.database(name)
        self.log: Path = workspace.logs / f"e2e_{name}.log"
        self.port = system.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment
        self._child: proc.Child | None = None

    def start(self) -> "RunningSite":
        """Copy the template, start, wait until the login page answers."""
        self.log.unlink(missing_ok=True)
        self.workspace.clone(self.template, self.database)
        conf = self.workspace.write_conf(
            self.log.stem,
            {
                "db_name": self.database,
                "dbfilter": f"^{self.database}$",
                "http_port": self.port,
                "gevent_port": system.free_port(),
                "logfile": self.log,
            },
            channels="root:4",
        )
        odoo = [self.workspace.venv.python, "-m", "odoo", "server", "-c", conf]
        self._child = proc.start(
            odoo,
            cwd=self.workspace.paths.root,
            env={**self.workspace.env(), **self.environment},
            stdout=-3,
            stderr=-3,
        )
        self._wait_ready()
        self.set_parameter("web.base.url", self.url)
        self.set_parameter("web.base.url.freeze", "True")
        return self

    def _wait_ready(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self._child.is_running():
            try:
                if requests.get(f"{self.url}/web/login", timeout=60).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise RuntimeError(f"the server does not answer:\n{proc.tail(self.log)}")

    def stop(self) -> None:
        if self._child:
            self._child.stop(grace_seconds=20)
        self.workspace.drop(self.database)

    def login(self, login: str, password: str) -> Rpc:
        return Rpc(self.url, self.database, login, password)

    @property
    def admin(self) -> Rpc:
        """The administrator of the template."""
        return self.login("admin", PASSWORD)

    def sql(self, query: str) -> str:
        """Run SQL, return bare rows."""
        return self.workspace.postgres.psql(query, self.database)

    def set_parameter(self, key: str, value: str) -> None:
        self.admin.call("ir.config_parameter", "set_param", key, value)


def wait_until(condition, seconds: float = PATIENCE_SECONDS, what: str = "it"):
    """Return the first true answer of `condition`; fail when it never comes."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.2)
