from odoo import api, models
from odoo.exceptions import UserError


class CrmPaymentLinkMixin(models.AbstractModel):
    """The buttons of a document that is paid through a link."""

    _inherit = "crm.payment.link.mixin"

    # === Buttons === #

    def action_create_payment_link(self):
        """One click: the amount as the company's settings say, and the link."""
        self._create_payment_link()

    def action_payment_link_options(self):
        """Choose the amount, the words and the validity first."""
        self.ensure_one()
        self._check_payment_link_right()
        if trouble := self._get_payment_link_trouble():
            raise UserError(trouble)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link"),
            "res_model": "crm.payment.link.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_cancel_payment_link(self):
        """Close the link here and its page at Stripe."""
        for document in self:
            document._check_payment_link_right()
            # sudo: links are changed through their document only
            document.sudo().payment_link_id._cancel()

    def action_send_payment_link(self):
        """Open the mail with the link, ready to send."""
        self.ensure_one()
        if self.payment_link_state != "waiting":
            raise UserError(self.env._("There is no payment link to send."))
        template = self._get_payment_link_template()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Payment Link"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "model_description": self.env._("Payment Link"),
            },
        }

    @api.model
    def _get_payment_link_template(self):
        """Return the mail template of this kind of document, empty when deleted."""
        return self.env["mail.template"]

    def action_book_payment(self):
        """Post the payment again once what was missing is there."""
        self.ensure_one()
        self._check_payment_link_right()
        # sudo: posting is done for the seller, as when the event came
        link = self.sudo().payment_link_id
        pages = link.transaction_ids | link.transaction_ids.child_transaction_ids
        pages.filtered(lambda t: t.state == "done" and not t.payment_id)._book_payment()

    def action_view_payment_links(self):
        """Open every link this document ever had."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_payment_link_action"
        )
        action["domain"] = [(self._payment_link_field, "=", self.id)]
        action["context"] = {}
        return action
