"""Where people sign: our fields in points become the vendor's whole numbers.

Both count from the top left corner of the page. Smallest sizes and names of fields:
the vendor's description of API v3 (read 2026-09).
"""

from __future__ import annotations

from dataclasses import dataclass

SIGNATURE_MIN = (85, 37)
TEXT_MIN_WIDTH = 24
CHECKBOX_SIZES = (8, 240)
# A letter of the vendor's text fields, in points.
LETTER_WIDTH = 6
QUESTION_MAX = 255
# Where a signature goes when nobody placed one: rows at the foot of the page.
MARGIN = 48
STEP = (150, 56)


@dataclass(frozen=True)
class Place:
    """One field of one signer.

    :param kind: signature, initials, date, text or checkbox
    :param page: from 1; x, y, width, height: points from the top left
    :param page_size: width and height of that page in points
    """

    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float
    page_size: tuple[float, float]
    label: str = ""
    required: bool = True


def to_field(place: Place, document_id: str) -> dict | None:
    """Return the vendor's field, None for initials (see :func:`initials`)."""
    size = {
        "signature": (
            max(SIGNATURE_MIN[0], round(place.width)),
            max(SIGNATURE_MIN[1], round(place.height)),
        ),
        "date": (max(TEXT_MIN_WIDTH, round(place.width)), round(place.height)),
        "text": (max(TEXT_MIN_WIDTH, round(place.width)), round(place.height)),
        "checkbox": (_box_size(place), _box_size(place)),
    }.get(place.kind)
    if size is None:
        return None
    base = {
        "document_id": document_id,
        "page": place.page,
        "x": _inside(place.x, size[0], place.page_size[0]),
        "y": _inside(place.y, size[1], place.page_size[1]),
    }
    return {**base, **_details(place, size)}


def _details(place: Place, size: tuple[int, int]) -> dict:
    label = place.label[:QUESTION_MAX]
    if place.kind == "signature":
        return {"type": "signature", "width": size[0], "height": size[1]}
    if place.kind == "date":
        # the day is filled in by the vendor when the person signs
        return {"type": "mention", "mention": "%date%", "width": size[0]}
    if place.kind == "text":
        return {
            "type": "text",
            "question": label or "Texte",
            "max_length": max(1, size[0] // LETTER_WIDTH),
            "optional": not place.required,
            "width": size[0],
        }
    return {
        "type": "checkbox",
        "name": label[:128] or None,
        "checked": False,
        "optional": not place.required,
        "size": size[0],
    }


def _box_size(place: Place) -> int:
    low, high = CHECKBOX_SIZES
    return min(high, max(low, round(min(place.width, place.height))))


def _inside(start: float, size: int, available: float) -> int:
    """Shift back what the smallest size would push out of the page."""
    return max(0, min(round(start), int(available) - size))


def initials(places: list[Place]) -> dict | None:
    """Return where each signer puts initials on a document, None when nowhere.

    The vendor has them on every page at the same height: the first place decides.
    """
    place = next((item for item in places if item.kind == "initials"), None)
    if place is None:
        return None
    width, height = place.page_size
    third = (place.x + place.width / 2) / width
    side = "left" if third < 1 / 3 else "right" if third > 2 / 3 else "center"
    if place.y + place.height / 2 < height / 2:
        return {"alignment": f"top-{side}", "y": max(0, round(place.y))}
    below = max(0, round(height - place.y - place.height))
    return {"alignment": f"bottom-{side}", "y": below}


def default_place(rank: int, page: int, page_size: tuple[float, float]) -> Place:
    """Return a place for the signature of whoever has none, at the foot of a page.

    :param rank: from 0, so that several people do not sign on top of each other
    """
    columns = max(1, int((page_size[0] - 2 * MARGIN) // STEP[0]))
    row, column = divmod(rank, columns)
    return Place(
        kind="signature",
        page=page,
        x=MARGIN + column * STEP[0],
        y=max(0.0, page_size[1] - MARGIN - (row + 1) * STEP[1]),
        width=STEP[0] - 16,
        height=STEP[1] - 12,
        page_size=page_size,
    )
