"""Fields that people fill when a deal ends: brilliant in the past, worthless today.

A field without history (a tag, a property) is read as it is now. When it is filled on
closed deals and nearly never on open ones, it was filled at the end and says the
outcome instead of foretelling it.
"""

import numpy as np

# Filled so much more often on closed deals than on open ones (share of deals).
MORE_OFTEN = 0.25
# A value on at least this share of the closed deals is looked at ...
COMMON = 0.02
# ... and suspect when it is so many times rarer on open deals ...
RARER = 5.0
# ... while nearly all its deals ended the same way.
PURE = 0.95
# Fewer open deals say nothing about how a field is used while a deal lives.
ENOUGH_OPEN = 30


def is_filled_late(
    closed_filled: np.ndarray, open_filled: np.ndarray, outcome: np.ndarray
) -> bool:
    """Tell whether a field is filled when a deal ends.

    :param closed_filled: per closed deal, whether the field (or one value) is there
    :param open_filled: the same per open deal
    :param outcome: per closed deal, 1 won or 0 lost
    """
    if len(open_filled) < ENOUGH_OPEN or not len(closed_filled):
        return False
    more = float(np.mean(closed_filled)) - float(np.mean(open_filled))
    return more > MORE_OFTEN or says_the_end(closed_filled, open_filled, outcome)


def says_the_end(
    closed_marked: np.ndarray, open_marked: np.ndarray, outcome: np.ndarray
) -> bool:
    """Tell whether a mark is put on deals that end one way, and then only.

    A source nobody uses any more is no such mark: its deals ended both ways.
    """
    if len(open_marked) < ENOUGH_OPEN or not closed_marked.any():
        return False
    closed_share = float(np.mean(closed_marked))
    open_share = float(np.mean(open_marked))
    if closed_share < COMMON or open_share * RARER > closed_share:
        return False
    won_share = float(np.mean(outcome[closed_marked]))
    return won_share >= PURE or won_share <= 1 - PURE


def find_late_value(
    closed_values: np.ndarray, open_values: np.ndarray, outcome: np.ndarray
):
    """Return the first value of a category that is set when a deal ends, or None.

    Values are numbers; NaN is "empty" and never returned.
    """
    values, counts = np.unique(
        closed_values[~np.isnan(closed_values)], return_counts=True
    )
    for value in values[counts >= COMMON * len(closed_values)]:
        if says_the_end(closed_values == value, open_values == value, outcome):
            return value
    return None
