"""The HTTP server: who calls, what is noted, what goes wrong, how answers leave."""

import json
import time
from datetime import datetime, timezone
from email.parser import BytesParser
from email.policy import HTTP

from ..calls import Call
from ..partner import Partner
from ..serving import Handler
from . import anthropic_messages, author, openai_chat, sound
from .admin import Admin
from .errors import ANSWERS, VendorError, for_fault
from .store import MODELS, SOUND_MODELS, Reply, State
from .store import Call as ToolCall

_OPENAI, _ANTHROPIC = "openai", "anthropic"


def read_form(kind, body):
    """Return the parts of a multipart body, {name: (file name, bytes)}."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return {
        part.get_param("name", header="content-disposition"): (
            part.get_filename() or "",
            part.get_payload(decode=True) or b"",
        )
        for part in message.iter_parts()
    }


class _Stream:
    """An answer in events. :param named: each with the name of its kind"""

    def __init__(self, events, *, named, done=False):
        self.events, self.named, self.done = events, named, done


class _Handler(Handler):
    server_version = "llm-standin"
    disable_nagle_algorithm = True

    def dispatch(self, method, url, body):
        _Call(self, method, url, body).run()


class _Call(Call):
    """One call of either API."""

    def __init__(self, handler, method, url, body):
        super().__init__(handler, method, url, body)
        self.path = url.path.replace("/openai/v1/", "/v1/")
        given = handler.headers
        bearer = given.get("Authorization", "").removeprefix("Bearer ").strip()
        self.key = given.get("x-api-key", "") or bearer
        is_anthropic = self.path.startswith("/v1/messages") or bool(
            given.get("anthropic-version")
        )
        self.vendor = _ANTHROPIC if is_anthropic else _OPENAI
        self.kind = given.get("Content-Type", "")
        self.trouble = ""

    @property
    def is_anthropic(self):
        return self.vendor == _ANTHROPIC

    def facts(self):
        self.number = self.state.new_id("")
        facts = {"call": self.number, "vendor": self.vendor, "key": self.key}
        facts |= {"body": None, "raw": ""}
        if self.kind.startswith("multipart/form-data"):
            form = read_form(self.kind, self.body)
            facts["body"] = {
                name: file_name
                and {"name": file_name, "size": len(content)}
                or content.decode(errors="replace")
                for name, (file_name, content) in form.items()
            }
            facts["raw"] = json.dumps(facts["body"], ensure_ascii=False)
        elif self.body:
            facts["raw"] = self.body.decode(errors="replace")
            try:
                # what JSON escapes must be found, too
                facts["body"] = json.loads(self.body)
                facts["raw"] = json.dumps(facts["body"], ensure_ascii=False)
            except ValueError:
                facts["body"] = None
        return facts

    def error_for(self, fault):
        return for_fault(fault, self.is_anthropic)

    def _meet(self, fault, entry):
        if fault.kind in ANSWERS:
            self.trouble = fault.kind
            return False
        return super()._meet(fault, entry)

    # === What is answered === #

    def execute(self):
        if not self.key or self.key.startswith("wrong"):
            raise VendorError("401", anthropic=self.is_anthropic)
        if self.is_anthropic and not self.handler.headers.get("anthropic-version"):
            message = "anthropic-version: header is required"
            raise VendorError("400", anthropic=True, message=message)
        routes = {
            ("GET", "/v1/models"): self._models,
            ("POST", "/v1/chat/completions"): self._chat,
            ("POST", "/v1/responses"): self._response,
            ("POST", "/v1/messages"): self._message,
            ("POST", "/v1/audio/transcriptions"): self._sound,
        }
        action = routes.get((self.method, self.path))
        if action is None:
            message = f"Invalid URL ({self.method} {self.path})"
            raise VendorError("404", anthropic=self.is_anthropic, message=message)
        return 200, action()

    def _json(self):
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            message = "We could not parse the JSON body of your request."
            raise VendorError("400", anthropic=self.is_anthropic, message=message)
        if value.get("model") and str(value["model"]).startswith("unknown"):
            raise VendorError("404", anthropic=self.is_anthropic)
        return value

    def _models(self):
        names = (*MODELS, *SOUND_MODELS)
        if self.is_anthropic:
            created = datetime.fromtimestamp(0, timezone.utc).isoformat()
            rows = [
                {
                    "type": "model",
                    "id": name,
                    "display_name": name,
                    "created_at": created.replace("+00:00", "Z"),
                }
                for name in MODELS
            ]
            ends = {"first_id": MODELS[0], "last_id": MODELS[-1]}
            return {"data": rows, "has_more": False, **ends}
        rows = [
            {
                "id": name,
                "object": "model",
                "created": 1700000000,
                "owned_by": "standin",
            }
            for name in names
        ]
        return {"object": "list", "data": rows}

    def _chat(self):
        body = self._json()
        question = openai_chat.read_chat(body, self.state.settings.strict)
        reply = author.answer(question, self.state, self.trouble)
        if body.get("stream"):
            events = openai_chat.stream_chat(
                question, reply, self.state, self.trouble, body
            )
            return _Stream(events, named=False, done=True)
        return openai_chat.write_chat(question, reply, self.state, self.trouble)

    def _response(self):
        body = self._json()
        question = openai_chat.read_response(body)
        reply = author.answer(question, self.state, self.trouble)
        make = openai_chat.write_response
        if body.get("stream"):
            make = openai_chat.stream_response
            events = make(question, reply, self.state, self.trouble, body)
            return _Stream(events, named=True)
        return make(question, reply, self.state, self.trouble, body)

    def _message(self):
        body = self._json()
        question = anthropic_messages.read(body)
        reply = self._forced(question) or author.answer(
            question, self.state, self.trouble
        )
        if body.get("stream"):
            events = anthropic_messages.stream(question, reply, self.state)
            return _Stream(events, named=True)
        return anthropic_messages.write(question, reply, self.state)

    def _forced(self, question):
        """The input of the tool that must be used, as older models answer a schema."""
        if not question.forced:
            return None
        _description, question.schema = question.tools.pop(question.forced)
        reply = author.answer(question, self.state, self.trouble)
        if reply.end != "stop":
            return reply
        try:
            arguments = json.loads(reply.text)
        except ValueError:
            return reply
        call = ToolCall(question.forced, arguments)
        return Reply("", [call], "tool", reply.tokens_in, reply.tokens_out)

    def _sound(self):
        if not self.kind.startswith("multipart/form-data"):
            raise VendorError("400", message="a multipart form is expected")
        return sound.transcribe(read_form(self.kind, self.body), self.state)

    # === How it leaves === #

    def answer(self, status, value):
        name = "request-id" if self.is_anthropic else "x-request-id"
        headers = {name: self.state.new_id("req_"), **self.headers}
        if isinstance(value, _Stream):
            self._send_stream(value, headers)
        elif isinstance(value, str):
            self.handler.answer(
                status, value.encode(), "text/plain; charset=utf-8", headers
            )
        else:
            self.handler.answer_json(status, value, headers)

    def _send_stream(self, stream, headers):
        handler = self.handler
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        events = list(stream.events)
        half = len(events) // 2
        try:
            for index, event in enumerate(events):
                if index == half and self.trouble == "cut_stream":
                    handler.cut()
                    return
                if index == half and self.trouble == "error_in_stream":
                    self._send_event(stream, self._error_event())
                    break
                self._send_event(stream, event)
                time.sleep(self.state.settings.piece_seconds)
            else:
                if stream.done:
                    self._send(b"data: [DONE]\n\n")
            self._send(b"")
        except OSError:  # the other side went away: cancelled
            handler.close_connection = True
            with self.state.lock:
                for entry in self.state.requests:
                    if entry["call"] == self.number:
                        entry["left"] = True

    def _error_event(self):
        if self.is_anthropic:
            error = VendorError("529", anthropic=True)
            return {"type": "error", "error": error.fields}
        error = VendorError("500").fields
        return {"type": "error", **error, "error": error, "sequence_number": 0}

    def _send_event(self, stream, event):
        data = json.dumps(event, ensure_ascii=False)
        name = f"event: {event['type']}\n" if stream.named else ""
        self._send(f"{name}data: {data}\n\n".encode())

    def _send(self, data):
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.handler.wfile.flush()


class LlmStandin(Partner):
    """The stand-in; ``state`` and ``admin`` are for tests."""

    name = "llm-standin"
    handler_class = _Handler
    state_class = State

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host, now)
        self.admin = Admin(self.state, self.delivery)

    @property
    def openai_url(self):
        """What a connection to OpenAI has as its address."""
        return self.base_url + "/v1"

    @property
    def anthropic_url(self):
        """What a connection to Anthropic has as its address."""
        return self.base_url

    def script(self, **values):
        """Prepare the next answer, see `Admin.add_script`."""
        self.admin.call("POST", "script", values)

    def fault(self, kind, **values):
        """Prepare trouble, see `faults.Fault`."""
        self.admin.call("POST", "faults", {"kind": kind, **values})

    def asked(self, path=""):
        """The requests to this path, oldest first."""
        with self.state.lock:
            return [one for one in self.state.requests if path in one["path"]]

    def saw(self, text):
        """Whether any request held a text, whatever its case."""
        wanted = text.lower()
        with self.state.lock:
            return any(wanted in one["raw"].lower() for one in self.state.requests)
