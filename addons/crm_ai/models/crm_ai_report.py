from odoo import fields, models
from odoo.tools import SQL

from .crm_ai_call_decision import DECISIONS


class CrmAiReport(models.Model):
    """The register as figures: use, acceptance, cost, time, per prompt version."""

    _name = "crm.ai.report"
    _description = "AI Use"
    _auto = False
    _order = "date desc"
    _rec_name = "feature_id"

    date = fields.Datetime(readonly=True)
    feature_id = fields.Many2one("crm.ai.feature", readonly=True)
    user_id = fields.Many2one("res.users", string="Asked By", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    connection_id = fields.Many2one("crm.connection", readonly=True)
    model = fields.Char(readonly=True)
    prompt_version_id = fields.Many2one("crm.ai.prompt.version", readonly=True)
    answered_by = fields.Selection(
        [("model", "Model"), ("rules", "Rules")], readonly=True
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    call_count = fields.Integer(string="Answers", readonly=True)
    kept_pct = fields.Float(
        string="Kept (%)",
        aggregator="avg",
        readonly=True,
        help="Of the answers somebody decided on.",
    )
    edit_pct = fields.Float(
        string="Changed (%)",
        aggregator="avg",
        readonly=True,
        help="Share of the words changed in answers that were kept.",
    )
    fallback_pct = fields.Float(
        string="By the Rules (%)", aggregator="avg", readonly=True
    )
    cost = fields.Float(digits=(16, 4), readonly=True)
    tokens = fields.Integer(readonly=True)
    duration_ms = fields.Float(string="Time (ms)", aggregator="avg", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT c.id, c.create_date AS date, c.feature_id,
                   c.user_id, c.company_id, c.connection_id, c.model,
                   c.prompt_version_id, c.answered_by, c.decision,
                   1 AS call_count,
                   CASE WHEN c.decision IN ('accepted', 'edited') THEN 100.0
                        WHEN c.decision = 'dismissed' THEN 0.0 END AS kept_pct,
                   CASE WHEN c.decision IN ('accepted', 'edited')
                        THEN c.edit_pct END AS edit_pct,
                   CASE c.answered_by WHEN 'rules' THEN 100.0
                        WHEN 'model' THEN 0.0 END AS fallback_pct,
                   c.cost, c.tokens_in + c.tokens_out AS tokens,
                   CASE WHEN c.state = 'done' THEN c.duration_ms END AS duration_ms
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM crm_ai_call c")

    def _where(self) -> SQL:
        return SQL("WHERE c.purpose = 'use'")
