from datetime import date, datetime, timezone

import pytest

from odoo.addons.crm_sign.lib.reminder import ReminderPlan, is_expired, next_reminder

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
EVERY_THREE = ReminderPlan(interval_days=3, max_count=2)


def test_a_reminder_follows_after_the_interval_at_the_same_hour():
    assert next_reminder(EVERY_THREE, MONDAY) == MONDAY.replace(day=5)


def test_nobody_is_reminded_on_a_weekend():
    wednesday = MONDAY.replace(day=4)  # + 3 days is a Saturday
    assert next_reminder(EVERY_THREE, wednesday) == MONDAY.replace(day=9)


def test_there_is_an_end_to_reminders():
    plan = ReminderPlan(interval_days=3, max_count=2, count=2)
    assert next_reminder(plan, MONDAY) is None
    assert next_reminder(ReminderPlan(0, 5), MONDAY) is None
    assert next_reminder(ReminderPlan(3, 0), MONDAY) is None


def test_nobody_is_reminded_after_the_last_day():
    plan = ReminderPlan(3, 9, date_expiry=date(2026, 3, 4))
    assert next_reminder(plan, MONDAY) is None
    on_that_day = ReminderPlan(3, 9, date_expiry=date(2026, 3, 5))
    assert next_reminder(on_that_day, MONDAY) == MONDAY.replace(day=5)


@pytest.mark.parametrize(
    ("last", "today", "expected"),
    [
        (None, date(2026, 3, 2), False),
        (date(2026, 3, 2), date(2026, 3, 2), False),
        (date(2026, 3, 2), date(2026, 3, 3), True),
    ],
)
def test_the_last_day_counts_whole(last, today, expected):
    assert is_expired(last, today) is expected
