from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_sign.lib.one_time_code import (
    BLOCKED_FOR,
    LIFETIME,
    MAX_ATTEMPTS,
    CodeFacts,
    check_code,
    clean,
    code_matches,
    hash_code,
    is_blocked,
    make_code,
    wait_before_sending,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
SALT = b"0123456789abcdef"
SENT = CodeFacts(
    digest=hash_code("042137", SALT), expires_at=NOW + LIFETIME, sent_at=NOW, sends=1
)


def test_a_code_is_six_digits():
    assert make_code(b"\0" * 8) == "000000"
    assert make_code(b"\xff" * 8).isdigit()
    assert len(make_code(b"\x01" * 16)) == 6
    with pytest.raises(ValueError, match="8 random"):
        make_code(b"short")


def test_the_code_is_not_in_what_is_stored():
    assert "042137" not in SENT.digest
    assert hash_code("042137", b"other salt.....!") != SENT.digest
    assert code_matches("042137", SENT.digest)
    for wrong in ("", None, "nothing", "$"):
        assert not code_matches("042137", wrong)


def test_spaces_are_no_mistake():
    assert clean(" 042 137 ") == "042137"
    assert clean(None) == ""
    assert check_code(SENT, "042 137", NOW).reason == "ok"


def test_a_good_code_forgets_the_wrong_ones():
    answer = check_code(replace(SENT, attempts=4), "042137", NOW)
    assert (answer.reason, answer.attempts, answer.blocked_until) == ("ok", 0, None)


def test_five_wrong_codes_close_the_door_for_half_an_hour():
    facts, reasons = SENT, []
    for _attempt in range(MAX_ATTEMPTS):
        answer = check_code(facts, "000000", NOW)
        reasons.append((answer.reason, answer.left))
        facts = replace(
            facts, attempts=answer.attempts, blocked_until=answer.blocked_until
        )
    assert reasons == [
        ("wrong", 4), ("wrong", 3), ("wrong", 2), ("wrong", 1), ("blocked", 0),
    ]  # fmt: skip
    assert facts.blocked_until == NOW + BLOCKED_FOR
    assert check_code(facts, "042137", NOW).reason == "blocked", "even the good one"
    just_before = NOW + BLOCKED_FOR - timedelta(seconds=1)
    assert is_blocked(facts, just_before)
    assert not is_blocked(facts, NOW + BLOCKED_FOR)


def test_the_end_of_a_block_gives_the_attempts_back():
    facts = replace(SENT, attempts=5, blocked_until=NOW)
    answer = check_code(facts, "000000", NOW)
    assert (answer.reason, answer.left) == ("wrong", 4)


def test_a_new_code_gives_no_new_attempts():
    facts = replace(SENT, attempts=4, sends=9)
    assert check_code(facts, "000000", NOW).reason == "blocked"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (CodeFacts(), "missing"),
        (replace(SENT, expires_at=NOW), "expired"),
        (replace(SENT, expires_at=None), "expired"),
    ],
)
def test_no_code_and_an_old_one_cost_no_attempt(facts, reason):
    answer = check_code(facts, "042137", NOW)
    assert (answer.reason, answer.attempts) == (reason, 0)


def test_each_further_code_takes_longer():
    assert not wait_before_sending(CodeFacts(), NOW)
    waits = [
        wait_before_sending(replace(SENT, sends=sends), NOW).total_seconds()
        for sends in range(1, 9)
    ]
    assert waits == [30, 30, 60, 120, 240, 480, 900, 900]
    assert not wait_before_sending(SENT, NOW + timedelta(seconds=30))


def test_no_code_is_sent_while_the_door_is_closed():
    facts = replace(SENT, blocked_until=NOW + timedelta(minutes=3))
    assert wait_before_sending(facts, NOW) == timedelta(minutes=3)
