"""Callers branch on the type of an error and know whether to try again."""

import pytest

from odoo.addons.crm_base.lib import errors


@pytest.mark.parametrize(
    ("kind", "is_transient"),
    [
        (errors.ConfigurationError, False),
        (errors.AuthenticationError, False),
        (errors.RefusedError, False),
        (errors.MalformedAnswerError, False),
        (errors.UnavailableError, True),
        (errors.RateLimitedError, True),
    ],
)
def test_family(kind, is_transient):
    error = kind("no", remote_code="card_declined", status=402, request_id="req_1")
    assert isinstance(error, errors.ClientError)
    assert error.is_transient is is_transient
    assert (error.message, error.remote_code) == ("no", "card_declined")
    assert str(error) == "no (status 402, code card_declined, request req_1)"


def test_delay_is_kept_and_optional():
    assert errors.RateLimitedError("slow", delay_seconds=12).delay_seconds == 12
    assert errors.UnavailableError("down").delay_seconds is None


def test_message_alone():
    assert str(errors.RefusedError("no")) == "no"
