from odoo import models

from odoo.addons.crm_documents.lib.offers import Offer


class CrmDocumentValues(models.AbstractModel):
    _inherit = "crm.document.values"

    def _get_kinds(self):
        return {**super()._get_kinds(), "crm.lead": self.env._("Deal")}

    def _get_families(self, model):
        families = super()._get_families(model)
        if model == "crm.lead":
            families.insert(2, "affaire")
        return families

    def _find_parties(self, record):
        if record._name != "crm.lead":
            return super()._find_parties(record)
        company = self._find_company(record)
        parties = {
            "affaire": record,
            "entreprise": company,
            "utilisateur": self.env.user,
            "dates": company,
        }
        if record.partner_id:
            known = super()._find_parties(record)
            return {**known, **parties}
        return {**parties, **self._draw_people(record)}

    def _draw_people(self, lead):
        """Return the client and the contact that a lead without a contact names."""
        Partner = self.env["res.partner"]
        address = {
            "street": lead.street,
            "street2": lead.street2,
            "zip": lead.zip,
            "city": lead.city,
            "country_id": lead.country_id.id,
            "website": lead.website,
            "email": lead.email_from,
            "phone": lead.phone,
        }
        # Never saved: only the same names to read from.
        client = Partner.new(
            {
                **address,
                "name": lead.partner_name or lead.contact_name,
                "is_company": bool(lead.partner_name),
            }
        )
        contact = Partner.new(
            {
                "name": lead.contact_name,
                "function": lead.function,
                "email": lead.email_from,
                "phone": lead.phone,
            }
        )
        return {"client": client, "contact": contact}

    def _family_affaire(self):
        return self.env._("Deal"), (
            (Offer("nom", self.env._("Name of the deal")), lambda lead: lead.name),
            (
                Offer("montant", self.env._("Expected amount of the deal"), "money"),
                lambda lead: (
                    lead.expected_revenue
                    and (lead.expected_revenue, lead.company_currency)
                ),
            ),
            (
                Offer("echeance", self.env._("Expected closing date"), "date"),
                lambda lead: lead.date_deadline,
            ),
            (
                Offer("etape", self.env._("Stage of the deal")),
                lambda lead: lead.stage_id.name,
            ),
            (
                Offer("commercial", self.env._("Salesperson of the deal")),
                lambda lead: lead.user_id.name,
            ),
            (
                Offer("besoin", self.env._("Need as noted in the deal"), "html"),
                lambda lead: lead.description,
            ),
        )
