from odoo import api, fields, models


def selection_of_caps(record):
    """Return the sector rules as choices; the general rule is the empty choice."""
    # sudo: names of legal rules; whoever reads a contact reads its choices
    rows = (
        record.env["crm.payment.cap"]
        .sudo()
        .search([("code", "not in", ("general", "public"))])
    )
    names = {}
    for row in rows:
        names.setdefault(row.code, row.name)
    return list(names.items())


class ResCompany(models.Model):
    _inherit = "res.company"

    fr_payment_cap_code = fields.Selection(
        selection=lambda self: selection_of_caps(self),
        string="Legal Limit of Payment Terms",
        help="Rule of the trade. Empty: 60 days, or 45 days end of month.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    fr_payment_cap_code = fields.Selection(
        selection=lambda self: selection_of_caps(self),
        string="Legal Limit of Payment Terms",
        help="Rule for this client when it is not the one of the company.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "fr_payment_cap_code"]

    def _get_fr_payment_cap_code(self, company):
        """Return the code of the rule for sales of that company to this client."""
        partner = self.commercial_partner_id
        if partner.fr_payment_cap_code:
            return partner.fr_payment_cap_code
        if partner.is_public_buyer:
            return "public"
        return company.fr_payment_cap_code or "general"
