"""Limits per address. A file of its own: its nginx starts with empty counters."""

import collections


def _flood(proxy, method, path, times, **options):
    return collections.Counter(
        proxy.ask(method, path, **options)[0].status for _ in range(times)
    )


def test_guessing_passwords_is_stopped(proxy):
    # 1 + burst of 10 pass, then one every six seconds.
    statuses = _flood(proxy, "POST", "/web/login", 30, body=b"login=a&password=b")
    assert 11 <= statuses[200] <= 13
    assert statuses[429] == 30 - statuses[200]
    # The same guesser finds the other doors of passwords closed too.
    for path in ("/web/session/authenticate", "/fr/web/login", "/web/login/totp"):
        assert _flood(proxy, "POST", path, 3)[429] == 3, path


def test_looking_at_the_login_page_is_free(proxy):
    assert _flood(proxy, "GET", "/web/login", 60) == {200: 60}


def test_a_burst_of_events_from_one_vendor_passes(proxy):
    path = "/crm_billing/stripe/webhook/abcdef"
    assert _flood(proxy, "POST", path, 200, body=b"{}") == {200: 200}


def test_old_remote_interfaces_are_slowed(proxy):
    statuses = _flood(proxy, "POST", "/xmlrpc/2/common", 80, body=b"<x/>")
    assert statuses[429] > 0
    assert statuses[200] >= 21
