"""What clients buy together: counts over past orders, shown with their support."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Association:
    """Of those who bought the one, how many also bought the other.

    :param support: orders that hold both; :param base: orders that hold the first
    :param lift: how much likelier than by chance
    """

    product_id: int
    because_id: int
    support: int
    base: int
    lift: float

    @property
    def confidence(self) -> float:
        return self.support / self.base


def find_associations(
    orders: Iterable[Iterable[int]],
    basket: Sequence[int],
    *,
    min_support: int = 3,
    min_confidence: float = 0.3,
    limit: int = 3,
) -> list[Association]:
    """Return what to propose beside a basket, the surest first.

    >>> find_associations([[1, 2]] * 3 + [[1], [3]], [1])[0].support
    3
    """
    singles: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    total, held = 0, set(basket)
    for order in orders:
        products = sorted(set(order))
        total += 1
        singles.update(products)
        pairs.update(combinations(products, 2))
    best: dict[int, Association] = {}
    for (left, right), support in pairs.items():
        for because, product in ((left, right), (right, left)):
            if because not in held or product in held or support < min_support:
                continue
            lift = support * total / (singles[because] * singles[product])
            found = Association(product, because, support, singles[because], lift)
            if found.confidence < min_confidence or lift <= 1:
                continue
            known = best.get(product)
            if known is None or _key(found) > _key(known):
                best[product] = found
    return sorted(best.values(), key=_key, reverse=True)[:limit]


def _key(association: Association) -> tuple[float, int, int]:
    return (association.confidence, association.support, -association.product_id)
