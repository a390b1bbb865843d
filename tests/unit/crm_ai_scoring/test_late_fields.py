"""Fields filled when a deal ends are found, honest ones are kept."""

import numpy as np

from odoo.addons.crm_ai_scoring.lib.late_fields import find_late_value, is_filled_late

NAN = np.nan


def shares(count, share):
    return np.arange(count) < share * count


def test_a_field_filled_at_the_end_is_found():
    outcome = shares(200, 0.5).astype(float)
    assert is_filled_late(shares(200, 0.9), shares(100, 0.1), outcome)


def test_a_field_used_all_along_is_kept():
    outcome = (np.arange(200) % 2).astype(float)
    assert not is_filled_late(shares(200, 0.6), shares(100, 0.5), outcome)


def test_a_rare_mark_of_lost_deals_is_found():
    # a tag on one lost deal in five, on no open deal
    outcome = shares(200, 0.5).astype(float)
    marked = np.zeros(200, dtype=bool)
    marked[150:190] = True
    assert is_filled_late(marked, np.zeros(100, dtype=bool), outcome)


def test_a_new_habit_is_no_leak():
    # used on a tenth of the closed deals, won and lost alike, no longer today
    outcome = (np.arange(200) % 2).astype(float)
    assert not is_filled_late(shares(200, 0.1), shares(100, 0.0), outcome)


def test_few_open_deals_say_nothing():
    outcome = shares(200, 0.5).astype(float)
    assert not is_filled_late(shares(200, 0.9), shares(10, 0.0), outcome)


def test_the_value_of_a_choice_that_says_the_end():
    outcome = shares(200, 0.5).astype(float)
    closed = np.where(np.arange(200) >= 120, 7.0, np.arange(200) % 3)
    today = np.arange(100) % 3 * 1.0
    assert find_late_value(closed, today, outcome) == 7.0
    assert find_late_value(np.arange(200) % 3 * 1.0, today, outcome) is None


def test_empty_values_are_no_value():
    closed = np.full(200, NAN)
    assert find_late_value(closed, np.zeros(100), shares(200, 0.5)) is None
