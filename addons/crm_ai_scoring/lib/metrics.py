"""How good probabilities are: ranking, sharpness, honesty.

Every function takes the outcomes (0 or 1) and the probabilities said beforehand, and
optionally a weight per row where that makes sense.
"""

import numpy as np

CLIP = 1e-6


def auc(outcomes: np.ndarray, said: np.ndarray) -> float:
    """Return the chance that a won lead was ranked above a lost one (ties count half).

    0.5 when all outcomes are the same.
    """
    won = np.asarray(outcomes) == 1
    wins, losses = int(won.sum()), int((~won).sum())
    if not wins or not losses:
        return 0.5
    _, inverse, counts = np.unique(said, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    return float((ranks[won].sum() - wins * (wins + 1) / 2) / (wins * losses))


def log_loss(
    outcomes: np.ndarray, said: np.ndarray, weights: np.ndarray | None = None
) -> float:
    """Return the mean surprise, in nats; certainty is capped at one in a million."""
    said = np.clip(said, CLIP, 1 - CLIP)
    losses = -np.where(np.asarray(outcomes) == 1, np.log(said), np.log1p(-said))
    return float(np.average(losses, weights=weights))


def brier(outcomes: np.ndarray, said: np.ndarray) -> float:
    """Return the mean squared error."""
    return float(np.mean((np.asarray(said) - np.asarray(outcomes)) ** 2))


def ece(outcomes: np.ndarray, said: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width.

    The distance between what was said on average and what happened, per bin, weighted
    by the number of leads in it.
    """
    said = np.asarray(said, dtype=np.float64)
    place = np.minimum((said * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    promised = np.bincount(place, weights=said, minlength=bins)
    happened = np.bincount(place, weights=outcomes, minlength=bins)
    return float(np.abs(promised - happened).sum() / max(counts.sum(), 1))


def calibration_bins(
    outcomes: np.ndarray, said: np.ndarray, bins: int = 10
) -> list[dict[str, float]]:
    """Return what was said and what happened per bin of equal width, for a chart."""
    said = np.asarray(said, dtype=np.float64)
    place = np.minimum((said * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    promised = np.bincount(place, weights=said, minlength=bins)
    happened = np.bincount(place, weights=outcomes, minlength=bins)
    return [
        {
            "low": rank / bins,
            "high": (rank + 1) / bins,
            "said": round(float(promised[rank] / counts[rank]), 4),
            "happened": round(float(happened[rank] / counts[rank]), 4),
            "count": int(counts[rank]),
        }
        for rank in range(bins)
        if counts[rank]
    ]


def top_tenth_precision(outcomes: np.ndarray, said: np.ndarray) -> float:
    """Return the share won among the tenth of the leads with the highest scores.

    Leads tied at the border count with the share of their group, so that the order of
    the rows does not matter.
    """
    outcomes, said = np.asarray(outcomes, dtype=np.float64), np.asarray(said)
    size = max(1, round(len(said) / 10))
    border = np.sort(said)[::-1][size - 1]
    above, tied = said > border, said == border
    left = size - above.sum()
    return float((outcomes[above].sum() + left * outcomes[tied].mean()) / size)


def measure(outcomes: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """Return all figures of one set of probabilities, rounded for storage."""
    if not len(outcomes):
        return {}
    figures = {
        "auc": auc(outcomes, said),
        "log_loss": log_loss(outcomes, said),
        "brier": brier(outcomes, said),
        "ece": ece(outcomes, said),
        "top_tenth": top_tenth_precision(outcomes, said),
    }
    return {name: round(value, 6) for name, value in figures.items()}
