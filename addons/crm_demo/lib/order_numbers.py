"""Numbers of the quotes of the story."""

from collections.abc import Sequence


def number_orders(reserved: Sequence[str]) -> list[str]:
    """Return one number per order, in order, keeping the reserved ones.

    :param reserved: per order, the number it must have, or an empty string

    >>> number_orders(["", "S00002", "", ""])
    ['S00001', 'S00002', 'S00003', 'S00004']
    >>> number_orders(["", "", "S00001"])
    ['S00002', 'S00003', 'S00001']
    """
    taken = {name for name in reserved if name}
    free = (
        name
        for rank in range(1, len(reserved) + len(taken) + 1)
        if (name := f"S{rank:05d}") not in taken
    )
    return [name or next(free) for name in reserved]
