"""The code of an error counts before its status."""

import pytest

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_sign_docusign.lib.refusals import error_from, grant_error_from


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED", errors.RateLimitedError),
        (400, "BURST_APIINVOCATION_LIMIT_EXCEEDED", errors.RateLimitedError),
        (429, "", errors.RateLimitedError),
        (401, "AUTHORIZATION_INVALID_TOKEN", errors.AuthenticationError),
        (400, "USER_LACKS_PERMISSIONS", errors.AuthenticationError),
        (400, "ACCOUNT_HAS_BEEN_SUSPENDED", errors.ConfigurationError),
        (400, "EDIT_LOCK_ENVELOPE_LOCKED", errors.UnavailableError),
        (400, "TAB_OUT_OF_BOUNDS", errors.RefusedError),
        (404, "ENVELOPE_DOES_NOT_EXIST", errors.RefusedError),
        (400, "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED", errors.RefusedError),
        (500, "UNSPECIFIED_ERROR", errors.UnavailableError),
        (503, "", errors.UnavailableError),
    ],
)
def test_kinds(status, code, kind):
    error = error_from(status, {"errorCode": code, "message": "Told"}, trace="t1")
    assert type(error) is kind
    assert (error.message, error.request_id) == ("Told", "t1")


def test_a_success_is_no_error():
    assert error_from(201, None) is None
    assert grant_error_from(200, {}) is None


def test_limits_rest_as_long_as_the_service_asks():
    code = {"errorCode": "HOURLY_APIINVOCATION_LIMIT_EXCEEDED"}
    assert error_from(400, code, delay_seconds=120).delay_seconds == 120
    assert error_from(400, code, delay_seconds=-5).delay_seconds == 1
    assert error_from(400, code, delay_seconds=9e9).delay_seconds == 3600
    assert error_from(400, code).delay_seconds == 900
    burst = {"errorCode": "burst_apiinvocation_limit_exceeded"}
    assert error_from(400, burst).delay_seconds == 30


@pytest.mark.parametrize("body", [None, [], "text", {"errorCode": None}])
def test_an_answer_of_another_shape_still_has_a_kind(body):
    error = error_from(400, body)
    assert type(error) is errors.RefusedError
    assert error.message


def test_the_sign_in_host_has_its_own_words():
    error = grant_error_from(400, {"error": "consent_required"})
    assert isinstance(error, errors.AuthenticationError)
    assert error.remote_code == "consent_required"
    told = {"error": "invalid_grant", "error_description": "user_not_found"}
    assert grant_error_from(400, told).message == "user_not_found"
    assert isinstance(grant_error_from(502, None), errors.UnavailableError)
