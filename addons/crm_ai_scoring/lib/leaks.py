"""Facts that nobody knows when a lead is scored.

A field filled at closing (the reason of a loss, the length of the last call) gives
brilliant figures and worthless scores. Two marks betray it: open leads never have it,
or its being filled at all tells the outcome. This looks at every column, whoever made
the table; `late_fields` is stricter, for fields that are known to have no history.
"""

import numpy as np

from .encoding import STAGE
from .features import read_by_value
from .table import Table

# Open leads needed before "they never have it" means something.
LEAST_OPEN = 50
CHANCE = 1e-6
TELLTALE = 0.95


def is_filled(column: np.ndarray) -> np.ndarray:
    """Tell which values say something: not missing, not zero, not false."""
    if column.dtype != object:
        return ~np.isnan(column) & (column != 0)
    return read_by_value(column, _says_something, bool)


def _says_something(value) -> bool:
    return bool(value) and value == value and str(value).strip() != ""


def unknowable(table: Table, to_score: Table | None) -> dict[str, str]:
    """Return the features to leave out, each with the code of the reason.

    `never_open`: often filled on closed leads, never on the many that wait for a
    score. `tells_outcome`: filled on nearly all leads of one outcome and on nearly none
    of the other, while open leads do not show that it is known beforehand.
    """
    found = {}
    won = table.outcomes == 1
    is_open_known = to_score is not None and len(to_score) >= LEAST_OPEN
    for name, column in table.columns.items():
        filled = is_filled(column)
        share = filled.mean() if len(filled) else 0.0
        open_share = None
        if is_open_known:
            open_share = is_filled(to_score.column(name)).mean()
            if open_share == 0 and (1 - share) ** len(to_score) < CHANCE:
                found[name] = "never_open"
                continue
        is_both = 20 <= won.sum() <= len(won) - 20
        if is_both and open_share is None:
            apart = abs(filled[won].mean() - filled[~won].mean())
            if apart > TELLTALE:
                found[name] = "tells_outcome"
    return found


def usable_names(table: Table, dropped: dict[str, str], *, stage: bool) -> list[str]:
    """Return the features to learn from, sorted by name."""
    names = sorted(name for name in table.columns if name not in dropped)
    return names + [STAGE] if stage else names
