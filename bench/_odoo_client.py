"""A session on a running server, and how figures are printed. Standard library.

Measurements run against a server started by `./crm up`; where it is comes from
the environment: `CRM_BENCH_URL` (http://127.0.0.1:8069), `CRM_BENCH_LOGIN` and
`CRM_BENCH_PASSWORD` (admin, admin), `CRM_BENCH_DB` (the only database).
"""

import http.client
import json
import os
import time
from urllib.parse import urlsplit


class OdooClient:
    """Calls methods of models as a user, over one kept connection when possible."""

    def __init__(self, patience_seconds=60):
        self.url = os.environ.get("CRM_BENCH_URL", "http://127.0.0.1:8069")
        self.netloc = urlsplit(self.url).netloc
        self.cookie = ""
        self.patience_seconds = patience_seconds

    def request(self, method, path, body=None, headers=None):
        """Return (status, body, seconds) of one request."""
        connection = http.client.HTTPConnection(
            self.netloc, timeout=self.patience_seconds
        )
        headers = {"Cookie": self.cookie, **(headers or {})}
        started = time.perf_counter()
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        for value in answer.headers.get_all("Set-Cookie") or ():
            if value.startswith("session_id="):
                self.cookie = value.split(";")[0]
        connection.close()
        return answer.status, content, seconds

    def rpc(self, path, params):
        """Return (result, seconds) of a JSON-RPC route."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        _status, content, seconds = self.request("POST", path, body, headers)
        answer = json.loads(content)
        if answer.get("error"):
            data = answer["error"].get("data") or {}
            raise SystemExit(f"{path}: {data.get('message') or answer['error']}")
        return answer.get("result"), seconds

    def login(self):
        database = os.environ.get("CRM_BENCH_DB")
        if not database:
            database = self.rpc("/web/database/list", {})[0][0]
        params = {
            "db": database,
            "login": os.environ.get("CRM_BENCH_LOGIN", "admin"),
            "password": os.environ.get("CRM_BENCH_PASSWORD", "admin"),
        }
        self.rpc("/web/session/authenticate", params)
        return self

    def call(self, model, method, *args, **kwargs):
        return self.timed_call(model, method, *args, **kwargs)[0]

    def timed_call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)


def percentile(values, share):
    """Return the value below which `share` of the measurements lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def print_table(title, rows):
    """Print lines of (what, figure, unit)."""
    width = max(len(row[0]) for row in rows)
    print(title)
    for what, figure, unit in rows:
        print(f"  {what:<{width}}  {figure:>10.2f} {unit}")
