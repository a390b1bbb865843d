from odoo import api, fields, models


class CrmQuoteSignLine(models.TransientModel):
    _name = "crm.quote.sign.line"
    _description = "Signer of a Quotation"
    _order = "order, id"

    wizard_id = fields.Many2one("crm.quote.sign", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Contact")
    name = fields.Char(
        compute="_compute_from_partner",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    email = fields.Char(
        compute="_compute_from_partner",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    phone = fields.Char(
        compute="_compute_from_partner",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
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

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody adds a signer to the window of somebody else."""
        wizard_ids = [vals.get("wizard_id") for vals in vals_list]
        wizards = self.env["crm.quote.sign"].browse(filter(None, wizard_ids))
        wizards.check_access("write")
        return super().create(vals_list)

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
