from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

DEFAULT_DAYS = 30


class CrmDocumentShareWizard(models.TransientModel):
    """Asks for whom and until when; the password typed here is never stored."""

    _name = "crm.document.share.wizard"
    _description = "Share a Document by Link"

    document_id = fields.Many2one("crm.document", required=True, readonly=True)
    name = fields.Char(
        string="For Whom",
        compute="_compute_name",
        store=True,
        readonly=False,
    )
    date_end = fields.Date(
        string="Works Until",
        required=True,
        default=lambda self: self._default_date_end(),
    )
    # Kept hashed between the screen's save and its button.
    password = fields.Char(
        compute="_compute_password", inverse="_inverse_password", store=False
    )
    password_hash = fields.Char(groups=fields.NO_ACCESS)

    @api.model
    def _default_date_end(self):
        return fields.Date.context_today(self) + timedelta(days=DEFAULT_DAYS)

    @api.depends("document_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.name or wizard.document_id.partner_id.display_name

    @api.depends("password_hash")
    def _compute_password(self):
        for wizard in self:
            wizard.password = "********" if wizard.sudo().password_hash else False

    def _inverse_password(self):
        Share = self.env["crm.document.share"]
        for wizard in self:
            typed = wizard.password or ""
            if typed == "********":
                continue
            # sudo: nobody reads the hash, not even who typed the password
            wizard.sudo().password_hash = Share._hash(typed) if typed else False

    def action_create_link(self):
        """Make the link and show its address, once."""
        self.ensure_one()
        if not self.date_end or self.date_end < fields.Date.context_today(self):
            raise UserError(self.env._("The link must end in the future."))
        share, token = self.env["crm.document.share"]._make(
            self.document_id,
            self.name,
            self._get_expiry(),
            self.sudo().password_hash or False,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Link Is Ready"),
            "res_model": "crm.document.share.link",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_url": share._get_url(token),
                "default_name": share.name,
                "default_has_password": share.has_password,
            },
        }

    def _get_expiry(self):
        """Return the end of the chosen day where the user is, as naive UTC."""
        end = self.env.tz.localize(datetime.combine(self.date_end, time(23, 59, 59)))
        return end.astimezone(pytz.utc).replace(tzinfo=None)
