import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import const


class PaymentToken(models.Model):
    """A means of payment the client agreed to have charged later.

    What he read and when, from which address, stays with it; he can take it back at
    any time on his page, by the portal, or by telling us.
    """

    _name = "payment.token"
    _inherit = ["payment.token", "crm.payable.page"]

    means_label = fields.Char(compute="_compute_means_label")
    consent_text = fields.Text(string="What the Customer Agreed To", readonly=True)
    consent_at = fields.Datetime(string="Agreed On", readonly=True)
    consent_ip = fields.Char(string="Agreed From", readonly=True)
    consent_link_id = fields.Many2one(
        "crm.payment.link", readonly=True, ondelete="set null"
    )
    means_type = fields.Char(readonly=True)
    means_brand = fields.Char(readonly=True)
    withdrawn_at = fields.Datetime(string="Withdrawn On", readonly=True)
    withdrawn_reason = fields.Char(string="Why It Ended", readonly=True)

    def _compute_means_label(self):
        transactions = self.env["payment.transaction"]
        for token in self:
            label = transactions._describe_means(
                token.means_type, token.means_brand, token.payment_details
            )
            token.means_label = label or token.payment_details or ""

    def _build_display_name(self, *args, **kwargs):
        if self.consent_at and self.means_type:
            return self.means_label
        return super()._build_display_name(*args, **kwargs)

    def _get_page_partner(self):
        return self.partner_id

    def _find_usable(self, partner, connection):
        """Return the saved means of a client at one account, the newest first."""
        return self.sudo().search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.ids),
                ("provider_id", "=", connection.payment_provider_id.id),
                ("stripe_payment_method", "!=", False),
                ("consent_at", "!=", False),
            ],
            order="id desc",
        )

    def _withdraw(self, reason):
        """End the consent: nothing is charged to this means any more.

        :param reason: what ended it, for the file
        """
        for token in self.sudo().filtered("active"):
            token.write(
                {
                    "active": False,
                    "withdrawn_at": fields.Datetime.now(),
                    "withdrawn_reason": reason,
                }
            )
            token.partner_id.message_post(
                body=self.env._(
                    "Saved means %(means)s is no longer used. %(reason)s",
                    means=token.means_label,
                    reason=reason,
                )
            )

    def action_withdraw(self):
        """The client told us that he takes his consent back."""
        self.env["account.move"]._check_billing_right()
        self._withdraw(self.env._("Taken back, noted by %s.", self.env.user.name))

    def _handle_archiving(self):
        """Stripe forgets it too, whoever ended it."""
        result = super()._handle_archiving()
        for token in self.filtered("stripe_payment_method"):
            if not token.withdrawn_at:
                token.withdrawn_at = fields.Datetime.now()
            connection = token.provider_id.crm_connection_ids[:1]
            if not connection or not token.consent_at:
                continue
            connection._enqueue(
                const.CALL_DETACH,
                json.dumps({"payment_method": token.stripe_payment_method}).encode(),
                idempotency_key=f"{token.stripe_payment_method}-detach",
                record=token,
                personal=False,
            )
        return result

    def write(self, vals):
        if vals.get("active") and self.filtered("withdrawn_at"):
            raise UserError(
                self.env._(
                    "The customer took his consent back: ask for it again with a new"
                    " payment."
                )
            )
        return super().write(vals)

    # === The page === #

    def _get_page_values(self):
        """What the client reads about the means he left."""
        self.ensure_one()
        return {
            "status": "means" if self.active else "means_gone",
            "company_name": self.company_id.name,
            "title": self.means_label,
            "amount": False,
            "action": self._get_signed_page_path(),
            "facts": [
                (self.env._("Agreed on"), format_date(self.env, self.consent_at)),
                (self.env._("Mandate"), self.stripe_mandate),
            ]
            if self.stripe_mandate
            else [(self.env._("Agreed on"), format_date(self.env, self.consent_at))],
            "receipts": [],
            "agreement": self.consent_text,
        }

    def _withdraw_from_page(self):
        self._withdraw(self.env._("The customer took his consent back on his page."))
