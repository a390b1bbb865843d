"""Whether a new version may take the place of the one in use."""

from collections.abc import Mapping

# Figures of two versions come from different deals, so small differences are noise.
TOLERATED_SKILL = 0.02
TOLERATED_AUC = 0.02


def skill(figures: Mapping) -> float | None:
    """Return how much surprise a version saves against the usual success rate.

    0 is nothing, 1 all; None when it was never judged. Comparable between versions
    judged on different deals, which the log loss itself is not.
    """
    mine, base = figures.get("model"), figures.get("base")
    if not mine or not base or not base.get("log_loss"):
        return None
    return 1.0 - mine["log_loss"] / base["log_loss"]


def is_not_worse(candidate: Mapping, live: Mapping) -> bool:
    """Tell whether a candidate is at least as good as the live version.

    Each was judged on the newest deals of its time, which it had not seen. A version
    that could not be judged gives way to one that could, never the other way round.
    """
    new, old = skill(candidate), skill(live)
    if old is None:
        return True
    if new is None:
        return False
    ranks = candidate["model"]["auc"] >= live["model"]["auc"] - TOLERATED_AUC
    return ranks and new >= old - TOLERATED_SKILL
