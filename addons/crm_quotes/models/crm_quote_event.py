from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("sent", "Sent"),
    ("opened", "Opened by the client"),
    ("accepted", "Accepted"),
    ("restored", "Former version restored"),
]


class CrmQuoteEvent(models.Model):
    """What happened to a quotation: sent, opened, accepted, restored. Only added to."""

    _name = "crm.quote.event"
    _description = "Follow-up of a Quotation"
    _order = "at desc, id desc"
    _rec_name = "kind"

    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, readonly=True
    )
    version_id = fields.Many2one("crm.quote.version", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    at = fields.Datetime(string="Date", required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Who", readonly=True)
    who = fields.Char(string="Name", required=True, readonly=True)
    # Of the visit, never of the browser's cookie: useless to whoever reads it.
    session_key = fields.Char(readonly=True, groups="base.group_system")

    _once_per_visit = models.UniqueIndex(
        "(order_id, session_key, COALESCE(version_id, 0)) WHERE kind = 'opened'",
        "This visit was already counted.",
    )
    _readings = models.Index("(order_id, partner_id) WHERE kind = 'opened'")

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        if not self.env.su:
            raise UserError(self.env._("The follow-up of a quotation is not typed."))
        return super().create(vals_list)

    def write(self, vals):
        # Stored related fields of ours follow by themselves, below the ORM's write.
        self.check_access("write")
        if vals:
            raise UserError(self.env._("The follow-up of a quotation does not change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The follow-up of a quotation is not deleted."))
