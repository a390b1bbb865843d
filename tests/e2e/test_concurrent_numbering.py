"""Numbers stay continuous when twenty people confirm at the same moment."""

import pytest

from tests.e2e.numbering_world import NumberingWorld

PEOPLE = 20
REFUSED = 4


@pytest.fixture(scope="module")
def world(site):
    world = NumberingWorld(lambda: site.login("admin", "admin"), "Numéros SAS")
    world.choose_series()
    return world


def test_no_gap_and_no_duplicate_under_twenty_postings_at_once(world):
    _seconds, errors = world.post_at_once(world.drafts(PEOPLE))
    assert errors == {}
    assert world.numbers("F") == list(range(1, PEOPLE + 1))


def test_refused_postings_leave_no_hole(world):
    before = len(world.numbers("F"))
    good = world.drafts(PEOPLE - REFUSED)
    bad = world.drafts(REFUSED, is_broken=True)
    mixed = [move_id for pair in zip(good, bad, strict=False) for move_id in pair]
    mixed += good[REFUSED:]
    _seconds, errors = world.post_at_once(mixed)
    assert set(errors) == set(bad)
    assert world.numbers("F") == list(range(1, before + len(good) + 1))


def test_two_dates_at_once_never_cross(world):
    """Whoever comes second with the older date is told to change it."""
    early = world.drafts(PEOPLE // 2, day="2026-03-03")
    late = world.drafts(PEOPLE // 2, day="2026-03-04")
    mixed = [move_id for pair in zip(late, early, strict=True) for move_id in pair]
    _seconds, errors = world.post_at_once(mixed)
    assert set(errors) <= set(early)
    assert all(
        "04/03/2026" in error or "03/04/2026" in error for error in errors.values()
    )
    numbers = world.numbers("F")
    assert numbers == list(range(1, len(numbers) + 1))
    rows = world.call(
        "account.move",
        "search_read",
        [("journal_id", "=", world.journal_id), ("state", "=", "posted")],
        ["name", "invoice_date"],
        order="sequence_number",
    )
    dates = [row["invoice_date"] for row in rows]
    assert dates == sorted(dates)
