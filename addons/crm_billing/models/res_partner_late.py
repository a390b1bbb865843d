from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_public_buyer = fields.Boolean(
        string="Public Buyer",
        help="State, local authority, hospital: late interest has a rate of its own.",
    )
    insolvency_date = fields.Date(
        string="Insolvency Proceedings Since",
        help="Date of the opening judgment: interest stops that day, no recovery fee"
        " may be asked from then on.",
    )

    def _is_business_customer(self):
        """Tell whether a client buys as a business, not as a consumer.

        Decides the recovery fee, the rate of interest and when it starts. A country
        adds its own registers by overriding this.
        """
        self.ensure_one()
        partner = self.commercial_partner_id
        return bool(
            partner.is_company
            or partner.is_public_buyer
            # core writes "/" for "has none"
            or (partner.vat or "").strip(" /")
            or partner.company_registry
        )
