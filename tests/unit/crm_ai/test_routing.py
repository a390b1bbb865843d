"""What follows an error, and how much of a draft was changed."""

import pytest

from odoo.addons.crm_ai.lib.routing import MAX_RETRIES, after_error, edit_ratio
from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)


@pytest.mark.parametrize(
    ("error", "tries", "wait", "reason"),
    [
        (UnavailableError("x"), 1, 0.75, "unavailable"),
        (UnavailableError("x"), 2, 1.5, "unavailable"),
        (UnavailableError("x"), 3, None, "unavailable"),
        (UnavailableError("x", delay_seconds=4), 1, 4, "unavailable"),
        (RateLimitedError("x", delay_seconds=0), 1, 0.05, "rate_limited"),
        (RateLimitedError("x", delay_seconds=30), 1, None, "rate_limited"),
        (RateLimitedError("x"), 1, 0.75, "rate_limited"),
        (RateLimitedError("x", remote_code="quota"), 1, None, "quota"),
        (RefusedError("x", remote_code="too_long"), 1, None, "too_long"),
        (RefusedError("x", remote_code="model_not_found"), 1, None, "refused"),
        (AuthenticationError("x"), 1, None, "authentication"),
        (ConfigurationError("x"), 1, None, "configuration"),
        (MalformedAnswerError("x"), 1, None, "malformed"),
    ],
)
def test_after_an_error(error, tries, wait, reason):
    decision = after_error(error, tries, rand=0.5)
    assert (decision.wait_seconds, decision.reason) == (wait, reason)


def test_a_call_is_billed_thrice_at_most():
    tries = 1
    while after_error(UnavailableError("x"), tries, 0).wait_seconds is not None:
        tries += 1
    assert tries == MAX_RETRIES + 1


@pytest.mark.parametrize(
    ("draft", "sent", "ratio"),
    [
        ("", "", 0),
        ("a b c d", "a b c d", 0),
        ("a b c d", "a\n b  c d", 0),
        ("a b c d", "a b c e", 0.25),
        ("a b", "x y z", 1),
        ("a", "", 1),
    ],
)
def test_edit_ratio(draft, sent, ratio):
    assert edit_ratio(draft, sent) == ratio
