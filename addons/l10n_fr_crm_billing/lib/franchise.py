"""Small business exemption: the turnover of the year against dated thresholds.

Above the threshold of the year the exemption ends on the next 1 January; above the
in-year threshold VAT is due from the day of the crossing (CGI 293 B).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BELOW, NEAR, PASSED, PASSED_IN_YEAR = "below", "near", "passed", "passed_in_year"
NEAR_SHARE = Decimal("0.9")


@dataclass(frozen=True)
class Threshold:
    """One line of the law.

    :param activity: ``goods``, ``services`` or ``liberal`` (lawyers, authors, artists)
    :param base: turnover of the calendar year, in euro without tax
    :param in_year: the higher one
    """

    activity: str
    base: Decimal
    in_year: Decimal
    date_from: date
    date_to: date | None = None


def pick_threshold(
    thresholds: Iterable[Threshold], activity: str, day: date
) -> Threshold | None:
    """Return the threshold in force on a day."""
    fitting = [
        t
        for t in thresholds
        if t.activity == activity
        and t.date_from <= day
        and (t.date_to is None or day <= t.date_to)
    ]
    return max(fitting, key=lambda t: t.date_from, default=None)


def judge_turnover(turnover: Decimal, threshold: Threshold | None) -> str:
    """Return where the turnover of the year stands; equal is not above.

    >>> t = Threshold("services", Decimal(37500), Decimal(41250), date(2025, 1, 1))
    >>> judge_turnover(Decimal(37500), t), judge_turnover(Decimal("37500.01"), t)
    ('near', 'passed')
    """
    if threshold is None or turnover < threshold.base * NEAR_SHARE:
        return BELOW
    if turnover <= threshold.base:
        return NEAR
    return PASSED if turnover <= threshold.in_year else PASSED_IN_YEAR
