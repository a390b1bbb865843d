from odoo import api, models


class CrmConnection(models.Model):
    """Connections to signature services.

    A provider addon adds its code to `_get_sign_capabilities` and writes the methods
    described in `docs/developers/signature.md`.
    """

    _inherit = "crm.connection"

    @api.model
    def _get_sign_capabilities(self) -> dict[str, frozenset[str]]:
        """Return what each signature service offers; addons add their own code.

        order, code_sms, code_mail, embedded, simple, advanced, qualified, remind,
        decline, delegate.
        """
        return {}

    @api.model
    def _get_sign_connections(self, companies):
        """Return the connections that companies may send requests with."""
        providers = list(self._get_sign_capabilities())
        if not providers:
            return self.browse()
        return self.search(
            [
                ("provider", "in", providers),
                ("company_id", "in", companies.ids),
                ("state", "!=", "off"),
            ]
        )
