"""Whether a new version of a model goes live: only when it is not worse.

Both versions are asked for the same leads, which neither has learnt from where that
can be had, and compared lead by lead.
"""

from dataclasses import dataclass

import numpy as np

from .metrics import CLIP, auc

# The new version may be worse by so many standard errors before it is refused.
TOLERANCE = 1.0
# Closed leads below which the comparison says nothing and the newer one is taken.
LEAST_ROWS = 50
# Loss of ranking that is refused, whatever the surprise says.
MOST_AUC_LOSS = 0.02


@dataclass(frozen=True)
class Verdict:
    """Whether the new version goes live, and why.

    :param code: "first", "few", "better", "equal" or "worse"
    :param gain: how much less the new version is surprised, in nats per lead
    """

    goes_live: bool
    code: str
    gain: float = 0.0
    auc_gain: float = 0.0


def compare(outcomes: np.ndarray, new: np.ndarray, old: np.ndarray | None) -> Verdict:
    """Return the verdict on a new version.

    :param new: probabilities by the new version
    :param old: probabilities by the version in use, None when there is none
    """
    if old is None:
        return Verdict(True, "first")
    outcomes = np.asarray(outcomes, dtype=np.float64)
    if len(outcomes) < LEAST_ROWS:
        return Verdict(True, "few")
    gains = _losses(outcomes, old) - _losses(outcomes, new)
    error = gains.std() / np.sqrt(len(gains))
    gain, auc_gain = float(gains.mean()), auc(outcomes, new) - auc(outcomes, old)
    if gain < -TOLERANCE * error or auc_gain < -MOST_AUC_LOSS:
        return Verdict(False, "worse", gain, auc_gain)
    return Verdict(True, "better" if gain > error else "equal", gain, auc_gain)


def is_not_worse(outcomes: np.ndarray, new: np.ndarray, old: np.ndarray | None) -> bool:
    """Tell whether the new version may go live."""
    return compare(outcomes, new, old).goes_live


def _losses(outcomes: np.ndarray, said: np.ndarray) -> np.ndarray:
    said = np.clip(said, CLIP, 1 - CLIP)
    return -np.where(outcomes == 1, np.log(said), np.log1p(-said))
