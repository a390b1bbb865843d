"""What a template may ask for: a tree of names with the words people read."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

GROUP = "group"
LIST = "list"
# Kinds of a single value: what it is, not how it is written.
SINGLE = frozenset({"text", "long_text", "html", "money", "number", "date", "image"})


@dataclass(frozen=True)
class Offer:
    """One name of the tree.

    :param code: what is written in the template, as ``nom`` in ``client.nom``
    :param label: what people read, as "Nom du client"
    :param kind: ``group``, ``list`` or one of `SINGLE`
    :param is_optional: empty is a normal answer and is left blank
    :param is_volatile: changes from day to day or reader to reader, so that it does
        not make an older document outdated
    :param children: the names below a group, or of one row of a list
    :param row: name that one row of a list takes in the text shown by the picker
    """

    code: str
    label: str
    kind: str = "text"
    is_optional: bool = False
    is_volatile: bool = False
    children: tuple[Offer, ...] = ()
    row: str = "ligne"

    @property
    def is_single(self) -> bool:
        """Whether it can be printed."""
        return self.kind in SINGLE

    def child(self, code: str) -> Offer | None:
        """Return the name of that code just below."""
        return next((o for o in self.children if o.code == code), None)


def walk(offers: tuple[Offer, ...], before: str = "") -> Iterator[tuple[str, Offer]]:
    """Yield (full path, offer) of every name, rows of lists aside."""
    for offer in offers:
        path = f"{before}{offer.code}"
        yield path, offer
        if offer.kind == GROUP:
            yield from walk(offer.children, f"{path}.")


def find(
    scope: dict[str, Offer], path: tuple[str, ...], *, through_lists: bool = False
) -> Offer | None:
    """Follow a path from the names in scope, None when it leads nowhere.

    :param through_lists: step from a list to the names of its rows, which only a
        sentence about a row may do
    """
    offer = scope.get(path[0])
    for code in path[1:]:
        if offer is None or (offer.kind == LIST and not through_lists):
            return None
        offer = offer.child(code)
    return offer


def suggest(name: str, scope: dict[str, Offer]) -> str | None:
    """Return the offered path that looks most like `name`, or None.

    Accents, capitals and spaces do not count, and the words that people read are
    tried too: "Nom du client" finds ``client.nom``.
    """
    known: dict[str, str] = {}
    for code, offer in scope.items():
        known.setdefault(_plain(code), code)
        for path, found in walk(offer.children, f"{code}."):
            if found.is_single or found.kind == LIST:
                known.setdefault(_plain(path), path)
                known.setdefault(_plain(found.label), path)
    wanted = _plain(name)
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.7)
    if close:
        return known[close[0]]
    last = wanted.rpartition(".")[2]
    ends = [path for plain, path in known.items() if plain.rpartition(".")[2] == last]
    return ends[0] if ends else None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in text if not unicodedata.combining(c))
    return "_".join(kept.split())
