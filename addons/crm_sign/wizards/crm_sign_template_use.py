from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmSignTemplateUse(models.TransientModel):
    """Who plays which role, this time."""

    _name = "crm.sign.template.use"
    _description = "Send a Signature Template"

    template_id = fields.Many2one("crm.sign.template", required=True)
    partner_id = fields.Many2one("res.partner", string="Client")
    name = fields.Char(
        string="Subject", compute="_compute_from_template", store=True, readonly=False
    )
    line_ids = fields.One2many(
        "crm.sign.template.use.line",
        "wizard_id",
        string="Signers",
        compute="_compute_from_template",
        store=True,
        readonly=False,
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.sign.template":
            values["template_id"] = self.env.context.get("active_id")
        return values

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        # What is taken over from a template is read as superuser.
        wizards.template_id.check_access("read")
        return wizards

    @api.depends("template_id")
    def _compute_from_template(self):
        for wizard in self:
            template = wizard.template_id
            wizard.name = template.subject or template.name
            wizard.line_ids = [(5, 0, 0)] + [
                (
                    0,
                    0,
                    {
                        "role_id": role.id,
                        "partner_id": role.is_company and self.env.user.partner_id.id,
                    },
                )
                for role in template.role_ids
            ]

    def action_create(self):
        """Make the draft and open it."""
        self.ensure_one()
        missing = self.line_ids.filtered(lambda line: not line.partner_id)
        if missing or not self.line_ids:
            raise UserError(
                self.env._(
                    "Choose who signs: %(roles)s.",
                    roles=", ".join(missing.role_id.mapped("name")),
                )
                if missing
                else self.env._("Name who signs on the template first.")
            )
        request = self.template_id._make_request(
            {line.role_id: line.partner_id for line in self.line_ids},
            name=self.name or self.template_id.name,
            partner_id=self.partner_id.id,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }
