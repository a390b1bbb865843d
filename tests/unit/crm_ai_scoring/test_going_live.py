"""Whether a new version may take the place of the one in use."""

import pytest

from odoo.addons.crm_ai_scoring.lib.going_live import is_not_worse, skill

NEVER_JUDGED = {}


def figures(loss, auc, base=0.6):
    return {"model": {"log_loss": loss, "auc": auc}, "base": {"log_loss": base}}


LIVE = figures(0.48, 0.75)


@pytest.mark.parametrize(
    ("candidate", "goes_live"),
    [
        (figures(0.40, 0.80), True),
        (figures(0.48, 0.75), True),
        (figures(0.49, 0.74), True),
        (figures(0.55, 0.75), False),
        (figures(0.48, 0.70), False),
        (NEVER_JUDGED, False),
    ],
    ids=["better", "equal", "noise", "less sure", "ranks worse", "never judged"],
)
def test_a_worse_version_does_not_go_live(candidate, goes_live):
    assert is_not_worse(candidate, LIVE) is goes_live


def test_a_version_that_was_never_judged_gives_way():
    assert is_not_worse(figures(0.59, 0.55), NEVER_JUDGED)
    assert is_not_worse(NEVER_JUDGED, NEVER_JUDGED)


def test_versions_judged_on_other_deals_are_compared_by_what_they_save():
    # the same share of a greater surprise is saved
    assert is_not_worse(figures(0.64, 0.75, base=0.8), LIVE)
    assert skill(LIVE) == pytest.approx(0.2)
    assert skill(figures(0.3, 0.8, base=0.0)) is None
