from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_documents.lib.share import (
    BLOCK,
    MAX_ATTEMPTS,
    ShareFacts,
    after_wrong_password,
    browser_pass,
    hash_password,
    password_matches,
    share_state,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


def test_a_password_matches_its_hash_only():
    stored = hash_password("Tilleul-2026", b"s" * 16)
    assert "Tilleul" not in stored
    assert password_matches("Tilleul-2026", stored)
    assert not password_matches("tilleul-2026", stored)
    assert stored != hash_password("Tilleul-2026", b"t" * 16)


@pytest.mark.parametrize("stored", [None, "", "x", "scrypt1$zz$aa", "md5$00$00"])
def test_without_a_sound_hash_nothing_matches(stored):
    assert not password_matches("", stored)
    assert not password_matches("x", stored)
    assert not password_matches("x" * 300, hash_password("x", b"s" * 16))


def test_hashing_refuses_weak_input():
    for password, salt in (("x", b"short"), ("", b"s" * 16), ("x" * 201, b"s" * 16)):
        with pytest.raises(ValueError, match=r"salt|password"):
            hash_password(password, salt)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (ShareFacts(False, False), "open"),
        (ShareFacts(True, False), "locked"),
        (ShareFacts(True, True), "open"),
        (ShareFacts(True, False, blocked_until=AFTER), "blocked"),
        (ShareFacts(True, True, blocked_until=AFTER), "open"),
        (ShareFacts(True, False, blocked_until=BEFORE), "locked"),
        (ShareFacts(False, False, expires_at=NOW), "expired"),
        (ShareFacts(False, False, expires_at=AFTER), "open"),
        (ShareFacts(True, True, revoked_at=NOW, expires_at=BEFORE), "revoked"),
        (ShareFacts(False, False, has_file=False), "gone"),
    ],
)
def test_states(facts, state):
    assert share_state(facts, NOW) == state


def test_the_fifth_wrong_password_blocks():
    attempts, blocked = 0, None
    for _try in range(MAX_ATTEMPTS):
        assert blocked is None
        attempts, blocked = after_wrong_password(attempts, NOW)
    assert (attempts, blocked) == (0, NOW + BLOCK)


def test_a_pass_of_one_link_or_password_opens_no_other():
    passes = {
        browser_pass("t", "p", 1),
        browser_pass("t", "p", 2),
        browser_pass("t", "q", 1),
        browser_pass("u", "p", 1),
    }
    assert len(passes) == 4
