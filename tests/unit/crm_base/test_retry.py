"""Ten attempts in about three days, never all customers at the same second."""

import pytest

from odoo.addons.crm_base.lib.retry import (
    STANDARD_SCHEDULE,
    RetrySchedule,
    next_delay_seconds,
)

RANDS = [i / 50 for i in range(50)]


def test_standard_schedule_is_ten_attempts_in_about_three_days():
    delays = STANDARD_SCHEDULE.delays_seconds
    assert len(delays) == 10
    assert delays[0] == 0
    assert 2.5 < sum(delays) / 86_400 < 3.5
    assert list(delays) == sorted(delays)


@pytest.mark.parametrize("done", range(10))
def test_every_wait_stays_within_its_jitter(done):
    base = STANDARD_SCHEDULE.delays_seconds[done]
    waits = [next_delay_seconds(STANDARD_SCHEDULE, done, rand=r) for r in RANDS]
    assert all(base * 0.9 <= wait <= base * 1.1 for wait in waits)
    assert base == 0 or len(set(waits)) == len(RANDS)


@pytest.mark.parametrize("done", [10, 11, 1000])
def test_gives_up_after_the_last_attempt(done):
    assert next_delay_seconds(STANDARD_SCHEDULE, done, rand=0.5) is None
    assert (
        next_delay_seconds(STANDARD_SCHEDULE, done, rand=0.5, retry_after_seconds=5)
        is None
    )


def test_service_wish_is_waited_for_but_not_for_ever():
    def wait(wish, done=1):
        return next_delay_seconds(
            STANDARD_SCHEDULE, done, rand=0.5, retry_after_seconds=wish
        )

    assert wait(120) == 120
    assert wait(1) == 5, "a shorter wish does not speed us up"
    assert wait(None) == wait(0) == 5
    assert wait(10**9) == 86_400
    assert wait(-3) == 5


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        next_delay_seconds(STANDARD_SCHEDULE, -1, rand=0)
    with pytest.raises(ValueError):
        RetrySchedule((1,), 1.5)
    with pytest.raises(ValueError):
        RetrySchedule((-1,))
    assert next_delay_seconds(RetrySchedule(()), 0, rand=0) is None
