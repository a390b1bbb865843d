import logging

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_ai.models.mail_thread import EXCHANGED

from .crm_ai_suggestion import FIELDS

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    """Incoming mails of a deal are read for what they say of the client."""

    _inherit = "crm.lead"

    def _find_missing_fields(self):
        self.ensure_one()
        missing = [name for name in FIELDS if not self[name]]
        if self.partner_id.is_company or self.partner_id.parent_id:
            missing = [name for name in missing if name != "partner_name"]
        return missing

    def _message_post_after_hook(self, message, msg_vals):
        done = super()._message_post_after_hook(message, msg_vals)
        if message.message_type in EXCHANGED:
            self._request_next_actions()
            if message.message_type == "email" and self._is_from_client(message):
                self._ask_for_reading(message)
        return done

    def _is_from_client(self, message):
        # sudo: whether an author is one of ours is no secret of his card
        author = message.sudo().author_id
        return not author or author.partner_share

    def _ask_for_reading(self, message):
        """Have the mail read in the name of the seller; a mail is never lost for it."""
        reader = self.user_id or self.team_id.user_id
        if not reader or not reader.active:
            return
        lead = self.with_user(reader)
        try:
            with self.env.cr.savepoint():
                lead.env["crm.ai.call"]._ask(
                    "copilot.reading",
                    record=lead,
                    params={"message_id": message.id},
                )
        except UserError as error:
            _logger.info("Mail %s of deal %s not read: %s", message.id, self.id, error)
