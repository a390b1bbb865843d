from odoo import api, fields, models
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.fields import EncryptedText

from ..const import API_BASE_URL


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    # Same fields as payment_stripe, sealed in the database.
    stripe_secret_key = EncryptedText()
    stripe_webhook_secret = EncryptedText()
    crm_connection_ids = fields.One2many("crm.connection", "payment_provider_id")

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        providers._ensure_crm_connection()
        return providers

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            self._ensure_crm_connection()
        if vals.keys() & {"stripe_secret_key", "stripe_webhook_secret"}:
            # sudo: whoever may write keys need not be a CRM admin
            self.sudo().crm_connection_ids._credentials_changed()
        return result

    def _ensure_crm_connection(self):
        """Give each Stripe account the connection its messages go through."""
        if self.env.context.get("crm_billing_has_connection"):
            return
        # sudo: made along with the provider, whatever the rights on connections
        for provider in self.sudo().filtered(lambda p: p.code == "stripe"):
            if not provider.crm_connection_ids:
                provider.crm_connection_ids.create(
                    provider._prepare_crm_connection_values()
                )

    def _prepare_crm_connection_values(self):
        self.ensure_one()
        user = self.env.user
        if self.env.su or not user.active:
            user = self.env.ref("base.user_admin", raise_if_not_found=False) or user
        return {
            "name": self.env._("Stripe - %(company)s", company=self.company_id.name),
            "provider": "stripe",
            "payment_provider_id": self.id,
            "company_id": self.company_id.id,
            "responsible_id": user.id,
            "base_url": API_BASE_URL,
        }

    def _build_request_url(self, endpoint, *, is_proxy_request=False, **kwargs):
        """Send core's own calls (refund button) where the connection points."""
        url = super()._build_request_url(
            endpoint, is_proxy_request=is_proxy_request, **kwargs
        )
        connection = self.sudo().crm_connection_ids[:1]
        base_url = connection.base_url or API_BASE_URL
        if self.code != "stripe" or is_proxy_request or base_url == API_BASE_URL:
            return url
        return urljoin(f"{base_url.rstrip('/')}/v1/", endpoint)
