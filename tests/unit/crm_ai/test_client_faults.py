"""Each trouble at a vendor has one defined end."""

import socket
import time

import pytest

from odoo.addons.crm_ai.providers import guarded_http
from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)

from .conftest import ask

ENDS = [
    ("400", RefusedError, None),
    ("401", AuthenticationError, None),
    ("402", RefusedError, "quota"),
    ("403", AuthenticationError, None),
    ("404", RefusedError, "model_not_found"),
    ("413", RefusedError, "too_long"),
    ("too_long", RefusedError, "too_long"),
    ("422", RefusedError, None),
    ("429", RateLimitedError, None),
    ("429_ms", RateLimitedError, None),
    ("429_no_delay", RateLimitedError, None),
    ("quota", RefusedError, "quota"),
    ("500", UnavailableError, None),
    ("503", UnavailableError, None),
    ("529", UnavailableError, None),
    ("reset", UnavailableError, None),
    ("lost_answer", UnavailableError, None),
    ("garbage", MalformedAnswerError, None),
    ("empty", MalformedAnswerError, None),
    ("no_text", MalformedAnswerError, None),
]


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(("fault", "kind", "code"), ENDS)
def test_the_end_of_each_trouble(
    make_client, standin, vendor, fault, kind, code, streaming
):
    standin.fault(fault, seconds=7)
    on_text = [].append if streaming else None
    with pytest.raises(errors.ClientError) as caught:
        make_client(vendor).complete(ask(), on_text=on_text)
    assert type(caught.value) is kind, caught.value
    if code:
        assert caught.value.remote_code == code
    if fault in ("429", "429_ms"):
        assert caught.value.delay_seconds == 7
    if fault == "429_no_delay":
        assert caught.value.delay_seconds is None
    # never tried again behind our back
    assert len(standin.asked()) == 1
    assert "S00042" not in repr(caught.value)
    assert not caught.value.__context__ or caught.value.__suppress_context__


@pytest.mark.parametrize("fault", ["cut_stream", "error_in_stream"])
def test_a_stream_that_does_not_end(make_client, standin, vendor, fault):
    standin.fault(fault)
    pieces = []
    with pytest.raises(UnavailableError):
        make_client(vendor).complete(ask(), on_text=pieces.append)
    assert pieces


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("fault", ["refusal", "filtered"])
def test_a_refusal_is_an_answer(make_client, standin, vendor, fault, streaming):
    standin.fault(fault)
    on_text = [].append if streaming else None
    assert make_client(vendor).complete(ask(), on_text=on_text).end == "refused"


@pytest.mark.parametrize("streaming", [False, True])
def test_a_cut_answer_says_so(make_client, vendor, streaming):
    on_text = [].append if streaming else None
    question = ask(max_output_tokens=10)
    answer = make_client(vendor).complete(question, on_text=on_text)
    assert answer.end == "length"
    assert answer.text


def test_a_service_that_is_silent(make_client, standin, vendor):
    standin.fault("timeout")
    client = make_client(vendor, read_seconds=0.3)
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="in time"):
        client.complete(ask())
    assert time.monotonic() - started < 2


def test_a_service_that_drips(make_client, standin, vendor):
    standin.state.settings.piece_seconds = 0.1
    standin.state.settings.piece_chars = 2
    client = make_client(vendor, total_seconds=1)
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="in time"):
        client.complete(ask(), on_text=lambda text: None)
    assert time.monotonic() - started < 3


def test_a_client_is_as_good_as_new_after_trouble(make_client, standin, vendor):
    client = make_client(vendor, total_seconds=2)
    for fault in ("reset", "garbage", "cut_stream"):
        standin.fault(fault)
        with pytest.raises(errors.ClientError):
            client.complete(ask(), on_text=lambda text: None)
    time.sleep(2.1)
    assert client.complete(ask()).end == "normal"


def test_nobody_there(make_client, vendor):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        with pytest.raises(UnavailableError, match="reached"):
            make_client(vendor, base_url=url).complete(ask())


def test_internal_addresses_are_refused(make_client, standin, vendor):
    with pytest.raises(ConfigurationError):
        make_client(vendor, allow_private=False)
    assert not standin.asked()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254"])
def test_a_name_that_leads_inside_is_refused(
    make_client, standin, vendor, monkeypatch, address
):
    port = int(standin.base_url.rsplit(":", 1)[1])
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        return real(address if host == "models.example" else host, *args, **kwargs)

    monkeypatch.setattr(guarded_http.socket, "getaddrinfo", resolve)
    client = make_client(
        vendor, base_url=f"http://models.example:{port}/v1", allow_private=False
    )
    for on_text in (None, [].append):
        with pytest.raises(ConfigurationError, match="internal"):
            client.complete(ask(), on_text=on_text)
    assert not standin.asked()


def test_an_answer_that_never_ends_is_cut(make_client, standin, vendor, monkeypatch):
    monkeypatch.setattr(guarded_http, "_MAX_BYTES", 2000)
    standin.script(text="mot " * 2000, times=2)
    for on_text in (None, [].append):
        with pytest.raises(MalformedAnswerError, match="large"):
            make_client(vendor).complete(ask(), on_text=on_text)


def test_redirects_are_not_followed(make_client, standin, vendor, monkeypatch):
    moved = {"location": f"{standin.base_url}/elsewhere"}

    def answer(self, status, value):
        self.handler.answer(307, b"", "text/plain", moved)

    monkeypatch.setattr("tests.standins.llm.server._Call.answer", answer)
    with pytest.raises(RefusedError):
        make_client(vendor).complete(ask())
    assert [call["path"] for call in standin.asked()] != ["/elsewhere"]
    assert len(standin.asked()) == 1
