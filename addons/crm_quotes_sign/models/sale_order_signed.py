import logging

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """What follows a signature, in the transaction of the last one."""

    _inherit = "sale.order"

    def _sign_on_event(self, request, kind):
        result = super()._sign_on_event(request, kind)
        if kind == "sent":
            self._note_sent_for_signature(request)
        elif kind == "signed":
            self._note_signed(request)
        return result

    def _note_sent_for_signature(self, request):
        """The quotation is with the client."""
        if self.state == "draft":
            self.with_context(mark_so_as_sent=True, tracking_disable=True).write(
                {"state": "sent"}
            )
        # who sends is the seller, the engine works as the system user
        user = request.user_id
        self.with_user(user)._log_quote_event("sent", version=request.quote_version_id)

    def _note_signed(self, request):
        """Everybody signed: the order is confirmed, its first invoice drafted if asked.

        What prevents it is a task for the seller: the signature stands in any case.
        """
        version, words, reason = request.quote_version_id, self._speak_to_seller(), ""
        if self.state in ("draft", "sent"):
            if version.fingerprint != self._get_quote_fingerprint():
                reason = words.env._(
                    "%(label)s was signed, but the quotation was edited since: restore "
                    "%(label)s and confirm it, or have the new version signed.",
                    label=version.label,
                )
            else:
                reason = self._confirm_signed(request)
        elif self.state == "cancel":
            reason = words.env._("It was signed although it is cancelled.")
        if reason:
            self._ask_seller(words.env._("Signed quotation to look at"), reason)
        self._tell_seller_signed(request, reason)

    def _confirm_signed(self, request):
        """Confirm the order as the client; return what prevents it, if anything."""
        signers = request.signer_ids.filtered(lambda signer: signer.state == "signed")
        try:
            with self.env.cr.savepoint():
                # the system user: the last signer has no name here, only a link
                order = self.with_user(SUPERUSER_ID).with_company(self.company_id)
                order.write(
                    {
                        "signed_by": ", ".join(signers.mapped("name")),
                        "signed_on": request.done_at,
                    }
                )
                order.action_confirm()
        except UserError as error:
            _logger.info("%s signed but not confirmed: %s", self.name, error)
            return str(error)
        self._draft_first_invoice(self._is_invoiced_when_signed(), is_signed=True)
        return ""

    def _is_invoiced_when_signed(self):
        """Tell whether the first invoice is drafted once everybody signed."""
        company = self.company_id
        return company.quote_signed_is_invoiced or company.quote_chain_is_on

    def _tell_seller_signed(self, request, reason):
        """A notice to the seller: a push on his devices, a line in his inbox.

        :param str reason: why the order is not confirmed, empty when it is
        """
        user = request.user_id
        order = self.with_context(lang=user.lang)
        end = reason or (
            order.env._("The deal is won.")
            if self.sudo().opportunity_id
            else order.env._("The order is confirmed.")
        )
        company = order.company_id
        order.message_notify(
            # The last signer has no user, the public user no address.
            author_id=company.partner_id.id,
            email_from=company.email_formatted or user.email_formatted,
            partner_ids=user.partner_id.ids,
            subject=order.env._(
                "%(name)s is signed by %(client)s",
                name=self.name,
                client=self.partner_id.commercial_partner_id.name,
            ),
            body=order.env._(
                "%(names)s signed %(label)s. %(end)s",
                names=", ".join(request.signer_ids.mapped("name")),
                label=request.quote_version_id.label or self.name,
                end=end,
            ),
        )

    def _attach_signed_files(self, request):
        """Put the signed files in the thread of the quotation."""
        self.ensure_one()
        # sudo: the job that seals works for everybody
        files = request.document_ids.mapped("final_attachment_id").sudo()
        copies = files.browse()
        for file in files:
            copies |= file.copy({"res_model": self._name, "res_id": self.id})
        # The job works as the visitor who signed last: his files would be left out.
        self.with_user(SUPERUSER_ID).message_post(
            body=self._speak_to_seller().env._(
                "Signed: reference %(reference)s.", reference=request.reference
            ),
            attachment_ids=copies.ids,
            subtype_xmlid="mail.mt_note",
        )

    # Accepted on the portal: the chain goes on by a signature

    def _is_accepted_by_signature(self):
        """Tell whether accepting asks for an electronic signature."""
        self.ensure_one()
        return self.company_id.quote_chain_is_on

    def _has_to_be_signed(self):
        """Core's own drawing is replaced by the signature of the chain."""
        return super()._has_to_be_signed() and not self._is_accepted_by_signature()

    def _can_be_accepted(self):
        """Tell whether the portal offers to accept by signature."""
        self.ensure_one()
        return (
            self.state in ("draft", "sent")
            and not self.is_expired
            and self._is_accepted_by_signature()
        )

    def _accept_by_signature(self, reader):
        """Send the version on the page to whoever accepts, once.

        :param reader: the contact who accepts
        :return: the request; an open one of the same version is not made twice
        """
        self.ensure_one()
        for request in self._find_open_requests():
            is_sent = request.state != "draft"
            if is_sent and not self._sign_get_outdated_reason(request):
                return request
        signer = reader if reader.email else self.partner_id
        if not signer.email:
            raise UserError(
                self.env._("We have no e-mail address to send the signature link to.")
            )
        seller = self._get_sign_responsible()
        order = self.with_user(seller).sudo().with_company(self.company_id)
        return order._send_for_signature([self._prepare_signer(signer, 1)])
