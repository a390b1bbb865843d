from contextlib import suppress

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ..lib.link_state import Fact, State
from .crm_payment_link import OPEN_STATES


class CrmPayableDocument(models.AbstractModel):
    """What a client does on the page of an invoice or an instalment.

    The page has one address for good and tells what is true now; its button makes
    the link when there is none. Everything runs as superuser: the signature of the
    address was the visitor's right.
    """

    _name = "crm.payable.document"
    _description = "Document Paid on Its Public Page"
    _inherit = ["crm.payment.link.mixin", "crm.payable.page"]

    # === Hooks === #

    def _get_page_trouble(self):
        """Return the code of what ends the story: `paid`, `canceled`... or False."""
        return False

    def _get_page_amount(self):
        """Return what the button asks for."""
        return self._get_payment_link_max()

    def _get_page_title(self):
        return self.display_name

    def _get_page_facts(self):
        """Return pairs of words and amounts or dates shown under the title."""
        return []

    def _get_page_payments(self):
        """Return the payments whose receipts the visitor may take."""
        return self.env["account.payment"]

    def _get_page_partner(self):
        return self._get_payment_link_partner()

    def _is_payment_page_on(self):
        return False

    # === What the visitor reads === #

    def _get_page_status(self):
        """Reduce the truth to what a client needs to know now."""
        self.ensure_one()
        link = self.payment_link_id
        if link.state == State.PROCESSING.value:
            return "processing"
        if trouble := self._get_page_trouble():
            return trouble
        if link.state == State.CREATING.value and link._is_valid():
            return "charging" if link.charge_token_id else "preparing"
        if link.state == State.WAITING.value and link._is_valid():
            return "payable"
        if not self._is_payment_page_on():
            return "closed"
        return "retry" if link.state == State.FAILED.value else "payable"

    def _get_page_link_amount(self):
        link = self.payment_link_id
        if link.state in OPEN_STATES:
            return link.amount
        return self._get_page_amount()

    def _get_page_values(self):
        self.ensure_one()
        company, currency = self.company_id, self.currency_id
        return {
            "status": self._get_page_status(),
            "company_name": company.name,
            "title": self._get_page_title(),
            "amount": currency.format(self._get_page_link_amount()),
            "facts": self._get_page_facts(),
            "action": self._get_signed_page_path(),
            "receipts": self._prepare_page_receipts(),
            "consent": company.payment_link_save_means
            and self.env["crm.payment.link"]._get_consent_text(company),
            "is_consent_given": bool(self.payment_link_id.consent_text)
            and self.payment_link_state in OPEN_STATES,
        }

    def _prepare_page_receipts(self):
        path = self._get_signed_page_path()
        return [
            {
                "href": f"{path}/receipt/{payment.id}",
                "amount": payment.currency_id.format(payment.amount),
                "date": payment.date,
                "means": payment.receipt_means,
            }
            for payment in self._get_page_payments()
            if payment._is_receipt_ready()
        ]

    # === What the visitor does === #

    def _get_live_page_url(self):
        """Return Stripe's page when one is open for this document now."""
        self.ensure_one()
        link = self.payment_link_id
        return link and link._is_valid() and link._get_live_page_url()

    def _pay_from_page(self, is_saved=False, ip=""):
        """The visitor pressed the button.

        :param is_saved: he also ticked that his means be kept for later
        :return: (address at Stripe or False, whether a page is being prepared)
        """
        self.ensure_one()
        if self._get_page_status() not in ("payable", "retry", "preparing"):
            return False, False
        link_model = self.env["crm.payment.link"]
        with suppress(UserError, RedirectWarning), self.env.cr.savepoint():
            is_saved = is_saved and self.company_id.payment_link_save_means
            consent = link_model._prepare_consent(self.company_id, is_saved, ip)
            link = self._create_payment_link({"link_values": consent})
            link._set_consent(consent)
            if url := link._get_live_page_url():
                return url, True
            return False, link._renew_page()
        return False, False

    # === Saved means === #

    def _get_saved_means(self):
        """Return the means this client agreed to have charged."""
        self.ensure_one()
        connection = self.env["crm.connection"]._find_stripe(
            self._get_payment_link_company()
        )
        partner = self._get_payment_link_partner()
        tokens = self.env["payment.token"]
        return tokens._find_usable(partner, connection) if connection else tokens

    def action_charge_saved_means(self):
        """Choose the saved means and the amount."""
        self.ensure_one()
        self._check_payment_link_right()
        if trouble := self._get_payment_link_trouble():
            raise UserError(trouble)
        if not self._get_saved_means():
            raise UserError(
                self.env._(
                    "%(customer)s has left no means of payment for later charges. Send"
                    " the payment link: it can be left on its page.",
                    customer=self._get_payment_link_partner().display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charge the Saved Means"),
            "res_model": "crm.charge.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def _charge_saved_means(self, token, amount):
        """Charge a means left by the client; a page that waits is closed first.

        :return: the link that follows this charge (superuser)
        """
        self.ensure_one()
        self._check_payment_link_right()
        self._lock_for_payment_link()
        # sudo: links and means are changed through their document only
        document, token = self.sudo(), token.sudo()
        link = document.payment_link_id
        if link.state in ("creating", "processing"):
            raise UserError(
                self.env._("A payment is already on its way: wait for its result.")
            )
        if not token or token not in document._get_saved_means():
            raise UserError(
                self.env._("The customer took back his consent for this means.")
            )
        if link.state == State.WAITING.value:
            link._close(Fact.CANCELED, self.env._("The saved means is charged."))
        values = document._check_payment_link({"amount": amount})
        values["charge_token_id"] = token.id
        new = self.env["crm.payment.link"]._open_link(values)
        document.payment_link_id = new
        return new
