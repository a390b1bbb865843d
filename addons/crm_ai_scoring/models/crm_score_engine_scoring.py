import json
import logging
from dataclasses import dataclass

import numpy as np

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

from ..lib.frame import Frame
from ..lib.groups import Groups, read_groups
from ..lib.standing import HOT, TEMPERATURES, mark_groups, sign, strongest, weigh

_logger = logging.getLogger(__name__)

# Deals written by one statement, and between two commits of the night.
SLICE = 5_000
# Open forms are told of changes one by one up to here.
MOST_TOLD = 50
FORMER_COLUMNS = ("_old_score", "_old_temperature", "_old_sign")
SCORE_FIELDS = (
    "ai_score", "ai_temperature", "ai_score_at", "ai_score_reasons", "ai_score_sign",
    "ai_score_previous", "ai_score_previous_at", "ai_hot_at",
)  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """What changed: positions in the frame, and what to write there."""

    frame: Frame
    changed: np.ndarray
    score: np.ndarray
    temperature: np.ndarray
    signs: np.ndarray
    names: list[str]
    points: np.ndarray
    codes: np.ndarray
    tokens: list[list[str]]
    best: tuple[np.ndarray, np.ndarray]

    def get_reasons(self, row: int) -> str:
        """Return the reasons of a deal as JSON: [fact, what it is, points]."""
        reasons = []
        for side in self.best:
            for place in side[row]:
                if place >= 0:
                    token = self.tokens[place][self.codes[row, place]]
                    points = round(float(self.points[row, place]), 1)
                    reasons.append((self.names[place], token, points))
        return json.dumps(reasons, separators=(",", ":"))


class CrmScoreEngineScoring(models.AbstractModel):
    """Scores deals and writes what changed."""

    _inherit = "crm.score.engine"

    @api.model
    def _score(self, company, lead_ids=None, commit=False) -> int:
        """Score the open deals of a company, all or some; return how many changed.

        :param commit: a cron calls: commit slice by slice
        """
        now = self._get_now()
        scored = self._compute_scores(company, lead_ids, now)
        if scored is None:
            return 0
        written = []
        for part in split_every(SLICE, scored.changed.tolist()):
            written += self._write_slice(scored, list(part), now, commit)
        self.env["crm.lead"].invalidate_model(SCORE_FIELDS)
        self._after_scores(company, scored, np.array(written, dtype=np.int64))
        return len(written)

    def _compute_scores(self, company, lead_ids, now) -> Scored | None:
        model = self.env["crm.score.model"]._find_live(company)
        engine = self.with_context(score_names=model._get_fact_names() if model else [])
        scope = engine._build_open_scope(company, now, lead_ids)
        rate = model.base_rate if model else None
        frame = engine._read_frame(company, scope, base_rate=rate)
        if not len(frame):
            return None
        engine._read_former(frame, scope)
        logits, groups = engine._ask_model(model, frame)
        criteria = self.env["crm.score.criterion"]._find_for(company)
        lasting = np.array([c.is_lasting for c in criteria], dtype=np.float64)
        rules = criteria._get_points(frame)
        policy = company._get_score_policy(model)
        standing = weigh(policy, logits, groups.contributions, rules, lasting)
        ones = np.zeros((len(frame), len(criteria)), dtype=np.int64)
        codes = np.hstack([groups.codes, ones])
        names = [*groups.names, *(f"criterion:{c.id}" for c in criteria)]
        tokens = [*groups.tokens, *([""] for _criterion in criteria)]
        best = strongest(standing.points)
        signs = sign(best, mark_groups(names, tokens, codes))
        return Scored(
            frame=frame,
            changed=self._find_changed(frame, standing, signs),
            score=standing.score,
            temperature=standing.temperature,
            signs=signs,
            names=names,
            points=standing.points,
            codes=codes,
            tokens=tokens,
            best=best,
        )

    def _ask_model(self, model, frame: Frame) -> tuple[np.ndarray, Groups]:
        """Return log-odds and what they are made of; nothing without a model."""
        if not model:
            empty = np.zeros((len(frame), 0))
            return np.zeros(len(frame)), Groups([], empty, empty.astype(np.int64), [])
        scorer = model._get_scorer()
        table = self._make_table(frame, model._get_fact_names())
        return scorer.logits(table), read_groups(scorer, table)

    def _read_former(self, frame: Frame, scope: SQL):
        query = SQL(FORMER_QUERY, scope=scope)
        rows = self._copy_floats(query, len(FORMER_COLUMNS) + 1)
        frame.place(FORMER_COLUMNS, rows, np.nan)

    def _find_changed(self, frame: Frame, standing, signs) -> np.ndarray:
        """Return the positions of the deals whose row has to be written."""
        columns = frame.columns
        same = (
            (columns["_old_score"] == standing.score)
            & (columns["_old_temperature"] == standing.temperature)
            & (columns["_old_sign"] == signs)
        )
        return np.flatnonzero(~same)

    # === Writing === #

    def _write_slice(self, scored: Scored, places: list[int], now, commit) -> list[int]:
        """Write some deals; return those that were written.

        At night somebody may hold a row: those deals are scored again the next time.
        """
        query = self._build_update(scored, places, now)
        if not commit:
            self.env.cr.execute(query)
            return places
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("%s deals in use, scored next time", len(places))
            return []
        self.env["ir.cron"]._commit_progress(len(places))
        return places

    def _build_update(self, scored: Scored, places: list[int], now) -> SQL:
        return SQL(
            UPDATE_QUERY,
            now=now,
            ids=scored.frame.ids[places].tolist(),
            scores=scored.score[places].tolist(),
            temperatures=[TEMPERATURES[t] for t in scored.temperature[places]],
            signs=scored.signs[places].tolist(),
            reasons=[scored.get_reasons(place) for place in places],
        )

    def _after_scores(self, company, scored: Scored, written: np.ndarray):
        """Tell people, and bring the scores of clients in line."""
        if not len(written):
            return
        frame = scored.frame
        was = frame.columns["_old_temperature"][written]
        rose = (scored.temperature[written] == HOT) & (was != HOT) & ~np.isnan(was)
        self.env["crm.score.notice"]._tell(company, frame.ids[written[rose]].tolist())
        self._tell_screens(frame.ids[written].tolist())
        clients = np.unique(frame.columns["_client_id"][written])
        self.env["crm.score.client"]._refresh(
            company, [int(client) for client in clients if client > 0]
        )

    def _tell_screens(self, lead_ids: list[int]):
        """Have open forms follow: those of the seller and of who changed the deal."""
        if len(lead_ids) > MOST_TOLD:
            return
        for lead in self.env["crm.lead"].sudo().browse(lead_ids):
            news = {"res_model": "crm.lead", "res_id": lead.id}
            for user in lead.user_id | lead.write_uid:
                user._bus_send("crm_base.record", news)

    # === The night === #

    @api.model
    def _cron_score(self):
        """Learn where there is something new, then score everything."""
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        for company in companies:
            company._learn_soon()
            started = fields.Datetime.now()
            count = self.with_company(company)._score(company, commit=True)
            _logger.info(
                "company %s: %s scores changed in %s",
                company.id,
                count,
                fields.Datetime.now() - started,
            )
            self.env["ir.cron"]._commit_progress(1)


FORMER_QUERY = """
SELECT scope.lead_id::float8,
       CASE WHEN lead.ai_score_at IS NULL THEN 'NaN'::float8
            ELSE COALESCE(lead.ai_score, 0)::float8 END,
       CASE lead.ai_temperature WHEN 'cold' THEN 0::float8 WHEN 'warm' THEN 1::float8
            WHEN 'hot' THEN 2::float8 ELSE 'NaN'::float8 END,
       COALESCE(lead.ai_score_sign, -1)::float8
  FROM (%(scope)s) scope
  JOIN crm_lead lead ON lead.id = scope.lead_id
"""
# The previous score is the one of an earlier day: what a seller saw then.
UPDATE_QUERY = """
UPDATE crm_lead lead
   SET ai_score = new.score,
       ai_temperature = new.temperature,
       ai_score_sign = new.sign,
       ai_score_reasons = new.reasons::jsonb,
       ai_score_at = %(now)s,
       ai_score_previous = CASE WHEN lead.ai_score_at::date < %(now)s::date
           THEN lead.ai_score ELSE lead.ai_score_previous END,
       ai_score_previous_at = CASE WHEN lead.ai_score_at::date < %(now)s::date
           THEN lead.ai_score_at ELSE lead.ai_score_previous_at END,
       ai_hot_at = CASE WHEN new.temperature <> 'hot' THEN NULL
           WHEN lead.ai_temperature = 'hot' THEN lead.ai_hot_at
           ELSE %(now)s END
  FROM unnest(%(ids)s::int[], %(scores)s::int[], %(temperatures)s::varchar[],
              %(signs)s::int[], %(reasons)s::text[])
       AS new (id, score, temperature, sign, reasons)
 WHERE lead.id = new.id
"""
