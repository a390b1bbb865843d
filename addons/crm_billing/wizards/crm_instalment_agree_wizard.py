from odoo import fields, models


class CrmInstalmentAgreeWizard(models.TransientModel):
    """Who agreed to a plan, and how, when it was not on the public page."""

    _name = "crm.instalment.agree.wizard"
    _description = "Agreement to a Plan"

    plan_id = fields.Many2one("crm.instalment.plan", required=True)
    agreed_by = fields.Char(string="Who Agreed", required=True)
    agreed_how = fields.Selection(
        [("mail", "By mail or letter"), ("spoken", "By word of mouth")],
        string="How",
        default="mail",
        required=True,
    )
    agreed_note = fields.Char(
        string="Note", help="For instance the date of the mail or of the call."
    )

    def action_agree(self):
        """The plan rules from now on."""
        self.plan_id._check_billing_right()
        self.plan_id._agree(
            self.agreed_how, self.agreed_by, note=self.agreed_note or False
        )
        return {"type": "ir.actions.act_window_close"}
