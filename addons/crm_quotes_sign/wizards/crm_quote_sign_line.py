from odoo import api, fields, models


class CrmQuoteSignLine(models.TransientModel):
    _name = "crm.quote.sign.line"
    _description = "Signer of a Quotation"
    _order = "order, id"

    wizard_id = fields.Many2one("crm.quote.sign", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Contact")
    name = fields.Char(
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    email = fields.Char(
        compute="_compute_from_partner", store=True, readonly=False, precompute=True
    )
    phone = fields.Char(
        compute="_compute_from_partner", store=True, readonly=False, precompute=True
    )
    order = fields.Integer(
        default=1,
        required=True,
        help="Lower numbers sign first; the same number signs at the same time.",
    )
    code_channel = fields.Selection(
        selection=lambda self: (
            self.env["crm.sign.signer"]
            ._fields["code_channel"]
            ._description_selection(self.env)
        ),
        string="Identified By",
        default="mail",
        required=True,
    )

    @api.depends("partner_id")
    def _compute_from_partner(self):
        for line in self.filtered("partner_id"):
            line.name = line.partner_id.name
            line.email = line.partner_id.email
            line.phone = line.partner_id.phone

    def _prepare_signer(self):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "order": self.order,
            "code_channel": self.code_channel,
        }
