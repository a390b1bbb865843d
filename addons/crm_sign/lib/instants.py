"""Instants as the database keeps them (UTC, without zone) and as rules take them."""

from __future__ import annotations

from datetime import UTC, datetime

from .evidence import iso_utc


def aware(at: datetime | None) -> datetime | None:
    """Return a stored instant with its zone, None when there is none.

    >>> aware(datetime(2026, 3, 2, 9, 30)).isoformat()
    '2026-03-02T09:30:00+00:00'
    """
    return at.replace(tzinfo=UTC) if at else None


def naive(at: datetime | None) -> datetime | None:
    """Return an aware instant as it is stored, None when there is none."""
    return at.astimezone(UTC).replace(tzinfo=None) if at else None


def iso(at: datetime | None) -> str:
    """Return a stored instant for an export, empty when there is none.

    >>> iso(datetime(2026, 3, 2, 9, 30))
    '2026-03-02T09:30:00Z'
    """
    return iso_utc(aware(at)) if at else ""
