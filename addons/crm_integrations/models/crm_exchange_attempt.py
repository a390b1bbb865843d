from odoo import fields, models

from .crm_exchange import CAUSE_CODES


class CrmExchangeAttempt(models.Model):
    _name = "crm.exchange.attempt"
    _description = "Attempt of an Exchange"
    _order = "id desc"
    _log_access = False

    exchange_id = fields.Many2one(
        "crm.exchange", required=True, index=True, ondelete="cascade", readonly=True
    )
    at = fields.Datetime(required=True, readonly=True)
    http_status = fields.Integer(string="HTTP Status", aggregator=None, readonly=True)
    duration_ms = fields.Integer(
        string="Duration (ms)", aggregator="avg", readonly=True
    )
    cause_code = fields.Selection(
        CAUSE_CODES,
        string="Outcome",
        readonly=True,
        help="Empty when the attempt succeeded.",
    )
    cause = fields.Text(readonly=True)
