"""A call of a stand-in's API: noted, delayed, troubled, executed, answered."""

import time

from . import faults


class Refusal(Exception):
    """An answer that is no success; a stand-in gives it the vendor's shape."""

    def __init__(self, message, *, status=400, headers=None):
        super().__init__(message)
        self.status = status
        self.headers = headers or {}

    def body(self):
        """Return what is answered, as JSON."""
        raise NotImplementedError


class Call:
    """One call, from its headers to its answer.

    :ivar key: of the account that calls, as far as its headers tell
    :ivar headers: what the answer carries beside its content
    """

    def __init__(self, handler, method, url, body):
        self.handler = handler
        self.standin = handler.standin
        self.state = handler.standin.state
        self.method = method
        self.path = url.path
        self.url = url
        self.body = body
        self.key = ""
        self.headers = {}

    def facts(self):
        """What the list of requests says of it beside method, path and outcome."""
        return {}

    def error_for(self, fault):
        """Return the refusal a fault stands for, None when it is no plain answer."""
        return None

    def execute(self):
        """Return (status, value). :raise Refusal: the answer instead"""
        raise NotImplementedError

    def answer(self, status, value):
        self.handler.answer_json(status, value, self.headers)

    def run(self):
        entry = {
            "at": self.state.now(),
            "method": self.method,
            "path": self.path,
            "status": None,
            "fault": None,
            **self.facts(),
        }
        with self.state.lock:
            self.state.requests.append(entry)
        time.sleep(self.state.settings.latency_seconds)
        fault = faults.take(self.state, self.method, self.path, self.key)
        entry["fault"] = fault and fault.kind
        if fault and self._meet(fault, entry):
            return
        try:
            status, value = self.execute()
        except Refusal as error:
            status, value = error.status, error.body()
            self.headers.update(error.headers)
        entry["status"] = status
        if fault and fault.kind == faults.LOST_ANSWER:
            self.handler.cut()
        else:
            self.answer(status, value)

    def _meet(self, fault, entry):
        """Act out a fault; True when nothing is left to do."""
        error = self.error_for(fault)
        if error:
            entry["status"] = error.status
            self.headers.update(error.headers)
            self.answer(error.status, error.body())
        elif fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "timeout":
            time.sleep(self.state.settings.fault_timeout_seconds)
            self.handler.cut()
        elif fault.kind == "reset":
            self.handler.cut()
        elif fault.kind == "garbage":
            self.handler.answer(200, b"<html>Bad gateway</html>")
        elif fault.kind == "empty":
            self.handler.answer(200, b"", "application/json")
        return fault.kind not in ("slow", faults.LOST_ANSWER)
