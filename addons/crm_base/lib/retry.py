"""When to try again: fixed delays with jitter.

The standard delays are the example schedule of Standard Webhooks 1.0.0
(https://github.com/standard-webhooks/standard-webhooks): ten attempts in three days.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RetrySchedule:
    """The waits before each attempt.

    :param delays_seconds: before the first, the second ... attempt
    :param jitter_ratio: each wait varies by this share, up and down (0 to 1)
    """

    delays_seconds: tuple[float, ...]
    jitter_ratio: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.jitter_ratio <= 1:
            raise ValueError("jitter_ratio must be between 0 and 1")
        if any(delay < 0 for delay in self.delays_seconds):
            raise ValueError("delays cannot be negative")


STANDARD_SCHEDULE = RetrySchedule(
    (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)


def next_delay_seconds(
    schedule: RetrySchedule,
    attempts_done: int,
    *,
    rand: float,
    retry_after_seconds: float | None = None,
) -> float | None:
    """Return the wait before the next attempt in seconds, None to give up.

    :param attempts_done: attempts already made; 0 gives the wait before the first
    :param rand: a random number in [0, 1), drawn by the caller
    :param retry_after_seconds: the service's own wish: waited for at least, but no
        longer than the longest delay of the schedule

    >>> next_delay_seconds(RetrySchedule((0, 10), 0.2), 1, rand=0.5)
    10.0
    """
    if attempts_done < 0:
        raise ValueError("attempts_done cannot be negative")
    if attempts_done >= len(schedule.delays_seconds):
        return None
    spread = schedule.jitter_ratio * (2 * rand - 1)
    delay = schedule.delays_seconds[attempts_done] * (1 + spread)
    wish = min(retry_after_seconds or 0, max(schedule.delays_seconds))
    return float(max(delay, wish))
