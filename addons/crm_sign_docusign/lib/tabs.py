"""Our fields as DocuSign's tabs.

Our fields are rectangles in points from the top left of the page as displayed. The
service counts in 1/72 inch from the same corner and rounds decimals away, so one
unit is one point: https://developers.docusign.com/docs/esign-rest-api/esign101/
concepts/tabs/fixed, read 2026-11. What it draws is moved by a few units, each kind
by its own; the same reference tells by how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One place to fill.

    :param key: our name of the field, unique in the request
    :param kind: signature, initials, date, text or checkbox
    :param page: from 1
    :param x, y, width, height: points, from the top left
    """

    key: str
    document_id: str
    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float
    required: bool = True
    label: str = ""
    value: str = ""


@dataclass(frozen=True)
class TabKind:
    """How one kind of field is written.

    :param group: list of the API that holds it
    :param shift: recommended correction (x, y) in units
    :param is_sized: width and height count for it
    """

    group: str
    shift: tuple[int, int]
    is_sized: bool = False


TAB_KINDS = {
    "signature": TabKind("signHereTabs", (1, -7)),
    "initials": TabKind("initialHereTabs", (2, -7)),
    "date": TabKind("dateSignedTabs", (-3, -2)),
    "text": TabKind("textTabs", (-3, -2), is_sized=True),
    "checkbox": TabKind("checkboxTabs", (-7, -6)),
}


def to_units(points: float) -> int:
    """Return whole units of the API for a length in points.

    >>> to_units(72.4), to_units(100.5)
    (72, 101)
    """
    return int(points + 0.5)


def build_tabs(fields: Iterable[Field]) -> dict[str, list[dict[str, Any]]]:
    """Return the ``tabs`` of one recipient, every value a string."""
    tabs: dict[str, list[dict[str, Any]]] = {}
    for field in fields:
        kind = TAB_KINDS[field.kind]
        tabs.setdefault(kind.group, []).append(_build_tab(field, kind))
        if field.kind == "checkbox" and field.required:
            # A single box is made mandatory through a group of one.
            tabs.setdefault("tabGroups", []).append(
                {
                    "groupLabel": _group_label(field),
                    "groupRule": "SelectAtLeast",
                    "minimumRequired": "1",
                    "maximumAllowed": "1",
                    "tabScope": "document",
                    "documentId": field.document_id,
                    "pageNumber": str(field.page),
                }
            )
    return tabs


def _build_tab(field: Field, kind: TabKind) -> dict[str, Any]:
    tab: dict[str, Any] = {
        "documentId": field.document_id,
        "pageNumber": str(field.page),
        "xPosition": str(max(0, to_units(field.x) + kind.shift[0])),
        "yPosition": str(max(0, to_units(field.y) + kind.shift[1])),
        "tabLabel": field.key,
    }
    if field.label:
        tab["name"] = field.label
    if kind.is_sized:
        tab["width"] = str(max(1, to_units(field.width)))
        tab["height"] = str(max(1, to_units(field.height)))
    if field.kind in ("signature", "initials"):
        tab["optional"] = "false" if field.required else "true"
    elif field.kind == "text":
        tab["required"] = "true" if field.required else "false"
        tab["value"] = field.value
    elif field.kind == "checkbox" and field.required:
        tab["tabGroupLabels"] = [_group_label(field)]
    return tab


def _group_label(field: Field) -> str:
    return f"group-{field.key}"
