import logging
import time

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.frame import Frame
from ..lib.going_live import is_not_worse
from ..lib.groups import make_storable
from ..lib.training import train

_logger = logging.getLogger(__name__)

# Below this nothing is learnt: the criteria speak alone.
LEAST_CLOSED = 50
LEAST_EACH = 10
# From here on the model speaks alone; before, its part grows with the closed deals.
FULL_CLOSED = 200
# A new version is worth its while after so many new outcomes, or so many days.
NEW_SHARE = 0.02
NEW_LEAST = 5
STALE_DAYS = 7
# Versions kept for going back.
KEPT = 20


class CrmScoreEngineLearning(models.AbstractModel):
    """Learns from closed deals and decides whether the result is used."""

    _inherit = "crm.score.engine"

    @api.model
    def _learn(self, company):
        """Return the new version (empty when there is too little to learn from)."""
        versions = self.env["crm.score.model"].sudo()
        started = time.perf_counter()
        past, outcome, closed = self._read_past(company)
        won = int(outcome.sum())
        if not self._is_enough(len(outcome), won):
            return versions
        present = self._read_frame(
            company, self._build_open_scope(company, self._get_now())
        )
        late = self._find_late_fields(past, outcome, present)
        names = self._choose_names(past, late)
        trained = train(
            self._make_table(past, names, outcome=outcome, closed=closed),
            as_of=fields.Date.context_today(self),
            stage_order=self._get_stage_order(),
            to_score=self._make_table(present, names),
        )
        values = self._prepare_version(company, trained, outcome, late)
        values["seconds"] = time.perf_counter() - started
        version = versions.create(values)
        self._judge(version)
        self._forget_old(company)
        return version

    def _read_past(self, company) -> tuple[Frame, np.ndarray, np.ndarray]:
        """Return closed deals as they were, how they ended and when."""
        scope = self._build_closed_scope(company)
        rows = self._copy_floats(SQL(OUTCOME_QUERY, scope=scope), 3)
        rate = float(rows[:, 1].mean()) if len(rows) else None
        frame = self._read_frame(company, scope, base_rate=rate, is_past=True)
        frame.place(("_won", "_closed"), rows, np.nan)
        return frame, frame.columns["_won"], frame.columns["_closed"]

    @api.model
    def _is_enough(self, closed: int, won: int) -> bool:
        least = min(won, closed - won)
        return closed >= LEAST_CLOSED and least >= LEAST_EACH

    def _choose_names(self, past: Frame, late) -> list[str]:
        return [
            feature.name
            for feature in self._get_score_features()
            if feature.learns
            and feature.name in past.columns
            and feature.name not in late
        ]

    def _get_stage_order(self) -> list[str]:
        stages = self.env["crm.stage"].sudo().search([("is_won", "=", False)])
        return [f"#{stage_id}" for stage_id in stages.ids]

    def _prepare_version(self, company, trained, outcome, late) -> dict:
        metrics = trained.metrics
        mine, odoo = metrics.get("model", {}), metrics.get("pls", {})
        last = (
            self.env["crm.score.model"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
        )
        return {
            "company_id": company.id,
            "number": last.number + 1,
            "trained_at": self._get_now(),
            "content": make_storable(trained.model),
            "report": make_storable({**trained.report, "late": late}),
            "figures": metrics,
            "closed_count": len(outcome),
            "won_count": int(outcome.sum()),
            "judged_count": metrics.get("count", 0),
            "base_rate": float(outcome.mean()),
            "share": min(1.0, len(outcome) / FULL_CLOSED),
            "odoo_auc": odoo.get("auc"),
            "odoo_log_loss": odoo.get("log_loss"),
            **{
                name: mine.get(name)
                for name in ("auc", "log_loss", "brier", "ece", "top_tenth")
            },
        }

    def _judge(self, version):
        """Put a version in use when it is not worse than the one in use."""
        live = version._find_live(version.company_id)
        if not self._beats_average(version):
            version.verdict = "weak"
        elif not live:
            version._put_live("first")
        elif is_not_worse(version.figures, live.figures):
            version._put_live("better")
        else:
            version.verdict = "worse"

    def _beats_average(self, version) -> bool:
        """Tell whether it foretells better than saying the usual success each time."""
        figures = version.figures or {}
        if not figures.get("model"):
            return True
        return figures["model"]["log_loss"] <= figures["base"]["log_loss"]

    def _forget_old(self, company):
        old = (
            self.env["crm.score.model"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("state", "!=", "live")], offset=KEPT
            )
        )
        old.unlink()

    @api.model
    def _has_news(self, company) -> bool:
        """Tell whether enough deals were closed since the last version."""
        last = (
            self.env["crm.score.model"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
        )
        since = last.trained_at or self._get_now()
        closed, won, new = self._count_closed(company, since)
        if not self._is_enough(closed, won):
            return False
        if not last:
            return True
        age = (self._get_now() - last.trained_at).days
        if new >= max(NEW_LEAST, NEW_SHARE * last.closed_count):
            return True
        return bool(new) and age >= STALE_DAYS

    def _count_closed(self, company, since) -> tuple[int, int, int]:
        """Return how many deals are closed, won, and closed since a moment."""
        ((closed, won, new),) = self.env.execute_query(
            SQL(
                "SELECT count(*), count(*) FILTER (WHERE lead.won_status = 'won'),"
                " count(*) FILTER (WHERE lead.date_closed >= %s)"
                " FROM (%s) scope JOIN crm_lead lead ON lead.id = scope.lead_id",
                since,
                self._build_closed_scope(company),
            )
        )
        return closed, won, new


OUTCOME_QUERY = """
SELECT scope.lead_id::float8,
       (lead.won_status = 'won')::int::float8,
       EXTRACT(EPOCH FROM lead.date_closed)::float8
  FROM (%(scope)s) scope
  JOIN crm_lead lead ON lead.id = scope.lead_id
"""
