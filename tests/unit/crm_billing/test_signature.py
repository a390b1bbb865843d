import hashlib
import hmac

import pytest
import stripe

from odoo.addons.crm_billing.lib.signature import sign, verify
from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError

BODY = '{"id": "evt_1", "note": "déjà"}'.encode()
SECRET = "whsec_test"
NOW = 1_800_000_000


def refusal(*args, **kwargs):
    with pytest.raises(WebhookRefusedError) as caught:
        verify(*args, **kwargs)
    return caught.value.reason


def test_known_answer():
    digest = hmac.new(b"whsec_test", b"1800000000." + BODY, hashlib.sha256)
    assert sign(BODY, SECRET, NOW) == f"t=1800000000,v1={digest.hexdigest()}"


def test_our_header_satisfies_the_official_library():
    header = sign(BODY, SECRET, NOW)
    assert stripe.WebhookSignature.verify_header(BODY.decode(), header, SECRET)


@pytest.mark.parametrize("age", [0, 300, -300])
def test_fresh_signatures_are_accepted(age):
    assert verify(BODY, sign(BODY, SECRET, NOW - age), [SECRET], NOW) == NOW - age


def test_any_signature_of_any_secret_is_enough():
    good = sign(BODY, SECRET, NOW).split("v1=")[1]
    header = f"t={NOW},v0=x,v1={'0' * 64},v1={good}"
    assert verify(BODY, header, ["whsec_old", SECRET], NOW)


def test_one_changed_byte_is_seen():
    header = sign(BODY, SECRET, NOW)
    assert refusal(BODY + b" ", header, [SECRET], NOW) == "no_match"
    assert refusal(BODY, header, [SECRET + "x"], NOW) == "no_match"
    moved = header.replace(str(NOW), str(NOW + 1))
    assert refusal(BODY, moved, [SECRET], NOW) == "no_match"


def test_old_and_future_signatures_are_refused():
    assert refusal(BODY, sign(BODY, SECRET, NOW - 301), [SECRET], NOW) == "too_old"
    assert refusal(BODY, sign(BODY, SECRET, NOW + 301), [SECRET], NOW) == "in_future"


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_no_secret_refuses_even_a_message_signed_with_nothing(secrets):
    assert refusal(BODY, sign(BODY, "", NOW), secrets, NOW) == "no_secret"


@pytest.mark.parametrize(
    "header",
    [
        "t=1800000000",
        "v1=00",
        "t=,v1=00",
        "t=-5,v1=00",
        "t=\u0661,v1=00",
        f"t={'9' * 13},v1=00",
        "garbage",
    ],
)
def test_headers_of_another_shape_are_refused(header):
    assert refusal(BODY, header, [SECRET], NOW) == "bad_header"


def test_missing_header_and_odd_characters():
    assert refusal(BODY, "", [SECRET], NOW) == "no_header"
    assert refusal(BODY, f"t={NOW},v1=é", [SECRET], NOW) == "no_match"
