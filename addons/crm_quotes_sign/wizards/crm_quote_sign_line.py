from odoo import api, fields, models


class CrmQuoteSignLine(models.TransientModel):
    _name = "crm.quote.sign.line"
    _inherit = ["crm.sign.person"]
    _description = "Signer of a Quotation"
    _order = "order, id"

    wizard_id = fields.Many2one("crm.quote.sign", required=True, ondelete="cascade")
    # Never as superuser: whoever fills the window sees what he may see.
    name = fields.Char(compute_sudo=False)
    email = fields.Char(compute_sudo=False)
    phone = fields.Char(compute_sudo=False)
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
