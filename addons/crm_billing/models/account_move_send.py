from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_default_mail_body(self, move, mail_template, mail_lang):
        """The mail of an invoice ends with the way to pay it."""
        body = super()._get_default_mail_body(move, mail_template, mail_lang)
        block = move._get_payment_mail_block() if move.id else ""
        return body + block if body and block else body
