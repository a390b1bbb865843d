import re

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..lib.fec.findings import CASES
from .crm_fec_sentences import RULES, SENTENCES

DAY_KEYS = frozenset(
    ("day", "other_day", "end", "start", "valid", "previous", "piece", "letter")
)
AMOUNT_KEYS = frozenset(("debit", "credit", "difference"))
DAY = re.compile(r"\d{8}")
SEVERITIES = [("error", "Error"), ("warning", "To be looked at")]


class CrmFecFinding(models.Model):
    """One line of the report: where, which rule, what to do."""

    _name = "crm.fec.finding"
    _description = "Finding of an Accounting File Check"
    _order = "check_id, severity, line, id"

    check_id = fields.Many2one(
        "crm.fec.check", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    case = fields.Char(required=True, readonly=True)
    rule = fields.Char(string="Rule Code", required=True, readonly=True, index=True)
    rule_name = fields.Char(string="Rule", compute="_compute_message")
    message = fields.Text(string="What is wrong", compute="_compute_message")
    line = fields.Integer(readonly=True)
    column = fields.Char(readonly=True)
    params = fields.Json(readonly=True)
    text = fields.Char(string="Content of the Line", readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Journal Entry", readonly=True, ondelete="set null"
    )

    @api.depends("case", "params")
    @api.depends_context("lang")
    def _compute_message(self):
        for finding in self:
            finding.rule_name = self._get_rule_name(finding.rule)
            finding.message = self._get_sentence(finding.case, finding.params or {})

    @api.model
    def _get_rule_name(self, rule: str) -> str:
        """Return the name of a rule in the language of the reader."""
        return RULES[rule](self.env) if rule in RULES else rule or ""

    @api.model
    def _get_sentence(self, case: str, params: dict) -> str:
        """Return what a case means, with days and amounts as the reader writes them."""
        if case not in CASES:
            return case or ""
        shown = {key: self._format_param(key, value) for key, value in params.items()}
        return SENTENCES[case](self.env, shown)

    def _format_param(self, key: str, value: str) -> str:
        if key in DAY_KEYS and DAY.fullmatch(value):
            text = f"{value[:4]}-{value[4:6]}-{value[6:]}"
            try:
                return format_date(self.env, text)
            except ValueError:
                return value
        if key in AMOUNT_KEYS:
            return format_amount(self.env, float(value), self.env.ref("base.EUR"))
        return value

    def action_open_move(self):
        """Open the entry that has to be corrected."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
