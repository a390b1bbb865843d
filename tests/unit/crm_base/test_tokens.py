"""A link opens what it was made for, until it expires or is revoked."""

import secrets
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_base.lib.tokens import (
    TokenGrant,
    grant_allows,
    hash_token,
    make_token,
    token_matches,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def test_token_is_safe_in_an_address_and_keeps_all_its_bits():
    seen = set()
    for _ in range(200):
        token = make_token(secrets.token_bytes(32))
        assert len(token) == 43
        assert set(token) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )
        seen.add(token)
    assert len(seen) == 200


def test_less_than_128_bits_is_refused():
    make_token(b"x" * 16)
    with pytest.raises(ValueError):
        make_token(b"x" * 15)


def test_only_the_hash_is_stored():
    assert hash_token("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert token_matches("abc", hash_token("abc"))
    assert not token_matches("abd", hash_token("abc"))
    assert not token_matches(hash_token("abc"), hash_token("abc"))


@pytest.mark.parametrize("token", ["", None])
@pytest.mark.parametrize("digest", ["", None, hash_token("")])
def test_nothing_never_matches(token, digest):
    assert not token_matches(token, digest)


def test_strange_characters_do_not_crash():
    assert not token_matches("é", "é")


@pytest.mark.parametrize(
    ("change", "token", "scope", "expected"),
    [
        ({}, "t", "sign", True),
        ({}, "u", "sign", False),
        ({}, "t", "pay", False),
        ({}, "t", "", False),
        ({"scope": ""}, "t", "", False),
        ({"expires_at": NOW + SECOND}, "t", "sign", True),
        ({"expires_at": NOW}, "t", "sign", False),
        ({"expires_at": NOW - SECOND}, "t", "sign", False),
        ({"revoked_at": NOW}, "t", "sign", False),
        ({"revoked_at": NOW - SECOND}, "t", "sign", False),
        ({"revoked_at": NOW + SECOND}, "t", "sign", True),
        ({"expires_at": NOW + SECOND, "revoked_at": NOW}, "t", "sign", False),
    ],
)
def test_grant(change, token, scope, expected):
    grant = TokenGrant(**{"digest": hash_token("t"), "scope": "sign", **change})
    assert grant_allows(grant, token, scope, NOW) is expected
