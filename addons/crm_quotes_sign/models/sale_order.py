from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_quotes.models.sale_order import REPORT


class SaleOrder(models.Model):
    """A quotation is signed in one version; any edit afterwards makes it another."""

    _name = "sale.order"
    _inherit = ["sale.order", "crm.sign.mixin"]

    # The version that is signed

    def _sign_get_version(self):
        """Return number and fingerprint of what the quotation says now."""
        self.ensure_one()
        last = self._get_last_quote_version()
        if last and self._is_version_current(last):
            return last._get_source_version()
        return f"V{self.quote_number + 1}:{self._get_quote_fingerprint()}"

    def _sign_get_outdated_reason(self, request):
        """Return why what was sent cannot be signed any more, False when it can."""
        self.ensure_one()
        if self.state == "cancel":
            return self.env._("The quotation %(name)s was cancelled.", name=self.name)
        # sudo: the version a request was made from
        sent = request.sudo().quote_version_id
        if sent.fingerprint == self._get_quote_fingerprint():
            return False
        return self.env._(
            "A new version of the quotation %(name)s exists: %(label)s can no longer "
            "be signed.",
            name=self.name,
            label=sent.label or "",
        )

    # Sending

    def action_open_sign_wizard(self):
        """Choose who signs."""
        self.ensure_one()
        self._check_can_be_signed()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send for signature"),
            "res_model": "crm.quote.sign",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_can_be_signed(self):
        self.check_access("write")
        if message := self._get_quote_expired_message():
            raise UserError(message)
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("Only a quotation can be sent for signature."))
        if not self._get_quoted_lines():
            raise UserError(self.env._("The quotation has no line to sign."))

    def _send_for_signature(self, signers, send=True, **values):
        """Keep the version, put it on paper with a place per signer, send it.

        :param list signers: values of ``crm.sign.signer`` in the order they sign
        :param bool send: leave a draft otherwise
        :param values: fields of the request: message, connection_id, level ...
        :return: the ``crm.sign.request``
        """
        self.ensure_one()
        self._check_can_be_signed()
        version = self._keep_quote_version("signature")
        order = self.with_context(
            quote_signers=signers, quote_sign_values=values, quote_version=version.id
        )
        request = order._sign_create_request().with_context(
            quote_signers=None, quote_sign_values=None, quote_version=None
        )
        self._withdraw_requests(
            self._find_open_requests() - request,
            self.env._("Replaced by version %(label)s", label=version.label),
        )
        if send:
            request.action_send()
        return request

    def _sign_prepare_request(self):
        """Return the request about the version that was kept, with its PDF."""
        values = super()._sign_prepare_request()
        context = self.env.context
        signers = context.get("quote_signers") or self._prepare_default_signers()
        # sudo: versions are read by whoever may read their quotation
        versions = self.env["crm.quote.version"].sudo()
        version = versions.browse(context.get("quote_version"))
        version = version or self._keep_quote_version("signature")
        prepared = {
            **values,
            # In the language of the client: it is the subject of his mail.
            "name": self.with_context(lang=self._get_lang()).env._(
                "Quotation %(name)s %(label)s", name=self.name, label=version.label
            ),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self._get_sign_responsible().id,
            "quote_version_id": version.id,
            "signer_ids": [(0, 0, signer) for signer in signers],
            "documents": [
                (f"{version.pdf_name}", self._render_sign_pdf(signers, version))
            ],
            **(context.get("quote_sign_values") or {}),
        }
        if expiry := self._get_sign_expiry():
            prepared["date_expiry"] = expiry
        return prepared

    def _get_sign_responsible(self):
        """Return who follows the signature: the seller, when he may."""
        user = self.user_id
        if user and user.has_group("crm_base.crm_base_group_seller"):
            return user
        return self.env.user

    def _get_sign_expiry(self):
        """Return the last day to sign: never after the quotation has lapsed."""
        days = filter(None, (self.company_id._get_sign_expiry(), self.validity_date))
        return min(days, default=False)

    def _prepare_default_signers(self):
        """Return who signs when nobody chose: the contact of the quotation."""
        partner = self.partner_id
        if partner.is_company:
            people = partner.child_ids.filtered(
                lambda person: person.email and person.type == "contact"
            )
            partner = people[:1] or partner
        return [self._prepare_signer(partner, 1)]

    def _prepare_signer(self, partner, order):
        return {
            "partner_id": partner.id,
            "name": partner.name,
            "email": partner.email,
            "order": order,
        }

    def _render_sign_pdf(self, signers, version):
        """Return the PDF of the quotation with a place for each signer.

        :raise UserError: when no PDF can be made: there is nothing to sign then
        """
        names = [signer.get("name") or "" for signer in signers]
        reports = self.env["ir.actions.report"].sudo()
        content, _kind = reports.with_context(
            quote_sign_names=names, quote_sign_label=version.label
        )._render_qweb_pdf(REPORT, self.ids)
        return content

    # Requests that an edit makes worthless

    def _find_open_requests(self):
        """Return the requests about these quotations that may still be signed."""
        # sudo: a colleague may have sent them
        requests = self.env["crm.sign.request"].sudo()
        return requests.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("draft", "sent", "partial")),
            ]
        )

    def _withdraw_requests(self, requests, reason):
        for request in requests.sudo():
            request._cancel(reason)

    def _note_quote_edit(self, names_by_key):
        """An edit makes what another service holds worthless: it is withdrawn there.

        Our own pages look at the version themselves and need no message.
        """
        result = super()._note_quote_edit(names_by_key)
        for order in self.filtered("quote_number"):
            outdated = order._find_open_requests().filtered(
                lambda request, order=order: (
                    request.connection_id
                    and request.state != "draft"
                    and order._sign_get_outdated_reason(request)
                )
            )
            order._withdraw_requests(
                outdated, self.env._("The quotation was edited: a new version exists.")
            )
        return result

    def _action_cancel(self):
        """A cancelled quotation is not signed."""
        result = super()._action_cancel()
        for order in self:
            order._withdraw_requests(
                order._find_open_requests(),
                self.env._("The quotation %(name)s was cancelled.", name=order.name),
            )
        return result
