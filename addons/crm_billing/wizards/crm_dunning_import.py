import base64

from odoo import fields, models

# Errors shown at once; the file is refused whole, so the first ones are enough.
MOST_ERRORS = 50


class CrmDunningImport(models.TransientModel):
    """Takes over reminder levels of another tool: all rows, or none."""

    _name = "crm.dunning.import"
    _description = "Import of Reminder Levels"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "crm.dunning.policy",
        required=True,
        default=lambda self: self.env.company._get_dunning_policy(),
        help="Its steps after the due date are levels 1, 2, 3 ...",
    )
    content = fields.Binary(string="CSV File", required=True, attachment=False)
    filename = fields.Char()
    errors = fields.Text(string="Rows to Mend", readonly=True)

    def action_import(self):
        """Import the file, or list what is wrong in it."""
        self.ensure_one()
        # Only who bills may say what was sent.
        self.env["account.move"]._check_billing_right()
        reader = self.env["crm.dunning.line"]
        values, errors = reader._read_levels(
            self.company_id, self.policy_id, base64.b64decode(self.content)
        )
        if errors:
            self.errors = self._format_errors(errors)
            return {
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        # sudo: lines are written by the engine only, here after the check above
        lines = reader.sudo().create(values)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_dunning_line_action"
        )
        return {**action, "domain": [("id", "in", lines.ids)], "context": {}}

    def _format_errors(self, errors):
        lines = [
            self.env._("Line %(line)s: %(error)s", line=line, error=text)
            for line, text in errors[:MOST_ERRORS]
        ]
        if len(errors) > MOST_ERRORS:
            lines.append(
                self.env._("... and %(count)s more.", count=len(errors) - MOST_ERRORS)
            )
        return "\n".join(lines)
