from odoo import models


class CrmSignRequest(models.Model):
    _inherit = "crm.sign.request"

    def _delay_sms(self, texts):
        """Have a job send text messages once the transaction is committed."""
        self.ensure_one()
        self.with_delay(
            priority=5, description=f"SMS of {self.reference}"
        )._job_send_sms(texts.ids)

    def _job_send_sms(self, sms_ids):
        """Send text messages; run twice it sends nothing more."""
        texts = self.env["sms.sms"].sudo().browse(sms_ids).exists()
        waiting = texts.filtered(lambda sms: sms.state == "outgoing")
        waiting.send(unlink_failed=False, unlink_sent=True)
        failed = waiting.exists().filtered(lambda sms: sms.state == "error")
        if failed:
            self.sudo()._leave_activity(
                self.env._("A text message did not leave"),
                self.env._(
                    "The SMS to %(numbers)s was not accepted. Check the number and the"
                    " SMS account, then press Remind.",
                    numbers=", ".join(filter(None, failed.mapped("number"))),
                ),
            )
