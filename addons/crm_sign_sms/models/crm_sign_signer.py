from odoo import fields, models


class CrmSignSigner(models.Model):
    _inherit = "crm.sign.signer"

    code_channel = fields.Selection(
        selection_add=[("sms", "Code by SMS")], ondelete={"sms": "set mail"}
    )

    def _deliver_code_sms(self, code):
        env = self.with_context(lang=self._get_lang()).env
        self._send_sms(
            env._(
                "%(code)s is your code to sign %(name)s (%(company)s). Valid for 10"
                " minutes. Give it to nobody.",
                code=code,
                name=self.request_id.name[:60],
                company=self.company_id.name,
            )
        )

    def _get_code_target_sms(self):
        return self._get_number()

    def _get_number(self) -> str:
        """Return the number in the international form, as typed if unreadable."""
        self.ensure_one()
        country = self.company_id.country_id
        number = self._phone_format(number=self.phone, country=country)
        return number or self.phone or ""

    def _deliver_link(self, kind):
        """Whoever has no mail address gets the link by SMS."""
        if self._get_email() or self.code_channel != "sms":
            return super()._deliver_link(kind)
        env = self.with_context(lang=self._get_lang()).env
        self._send_sms(
            env._(
                "%(company)s asks you to read and sign %(name)s: %(link)s",
                company=self.company_id.name,
                name=self.request_id.name[:60],
                link=self._make_link(),
            )
        )
        return None

    def _send_sms(self, body):
        """Write a text message; a job sends it once this is committed."""
        # sudo: the signer is nobody here, and text messages are the system's
        text = (
            self.env["sms.sms"]
            .sudo()
            .create({"number": self._get_number(), "body": body})
        )
        self.request_id._delay_sms(text)
