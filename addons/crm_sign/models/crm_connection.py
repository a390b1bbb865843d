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

    def _find_sign_request(self, remote_id, reference=""):
        """Return the request a service tells of, locked; empty: not sent from here.

        By its number at the service, or by our reference when the news overtook the
        answer that holds the number.
        """
        self.ensure_one()
        requests = self.env["crm.sign.request"].with_context(active_test=False)
        ours = [("connection_id", "=", self.id)]
        request = requests.search([*ours, ("remote_id", "=", remote_id)], limit=1)
        if not request and reference:
            ours += [("reference", "=", reference), ("remote_id", "=", False)]
            request = requests.search(ours, limit=1)
        if request:
            # First of all: whoever comes second is played again from here.
            request._lock()
            if not request.remote_id:
                request.remote_id = remote_id
        return request

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
