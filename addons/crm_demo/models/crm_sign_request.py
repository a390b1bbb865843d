from odoo import models


class CrmSignRequest(models.Model):
    _inherit = "crm.sign.request"

    def _delay_mails(self, mail_ids):
        """Nobody is told of what was signed before the installation."""
        if self.env.context.get("crm_demo_quiet"):
            self.env["mail.mail"].sudo().browse(mail_ids).unlink()
            return None
        return super()._delay_mails(mail_ids)

    def _delay_seal(self, minutes=0):
        """The story makes its final files itself."""
        if self.env.context.get("crm_demo_quiet"):
            return None
        return super()._delay_seal(minutes)

    def _post_to_responsible(self, sentence, attachments=None):
        """Nobody is told of what ended before the installation."""
        if self.env.context.get("crm_demo_quiet"):
            return None
        return super()._post_to_responsible(sentence, attachments)
