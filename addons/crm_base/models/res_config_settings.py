from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_secret_status = fields.Selection(
        [("ok", "Working"), ("missing", "Key missing"), ("wrong", "Wrong key")],
        "Encryption",
        compute="_compute_crm_secret",
    )
    crm_secret_message = fields.Char(
        "State of the Encryption", compute="_compute_crm_secret"
    )

    def _compute_crm_secret(self):
        secrets = self.env["crm.secret"]
        self.crm_secret_status = status = secrets._status()
        self.crm_secret_message = secrets._explain(status)

    def action_forget_secrets(self):
        """Start again with the current key after the former one was lost."""
        self.browse().check_access("create")
        self.env["crm.secret"]._forget_unreadable()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_encrypt_secrets(self):
        """Encrypt all secrets with the first key, e.g. after adding a new one."""
        self.browse().check_access("create")
        counts = self.env["crm.secret"]._rotate_all(commit=False)
        message = self.env._(
            "Secrets encrypted again: %(sealed)s. Unreadable, left alone:"
            " %(unreadable)s.",
            **counts,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if counts["unreadable"] else "success",
                "message": message,
            },
        }
