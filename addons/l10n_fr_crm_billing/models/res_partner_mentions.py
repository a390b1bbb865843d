from odoo import models

from ..const import DOMESTIC_COUNTRIES, FRENCH_COUNTRIES
from ..lib.facts import Buyer, Seller


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_business_customer(self):
        """A contact with a SIREN is a business: sole traders are persons in Odoo."""
        return super()._is_business_customer() or bool(
            self.commercial_partner_id._get_siren()
        )

    def _get_fr_zone(self):
        """Return ``FR``, ``EU`` or ``OUT``; without a country, France."""
        self.ensure_one()
        country = self.country_id
        if not country or country.code in DOMESTIC_COUNTRIES:
            return "FR"
        europe = self.env.ref("base.europe", raise_if_not_found=False)
        return "EU" if europe and country in europe.sudo().country_ids else "OUT"

    def _get_fr_address_line(self):
        """Return the address in one line, without the country at home."""
        self.ensure_one()
        town = " ".join(filter(None, (self.zip, self.city)))
        abroad = self.country_id.code not in FRENCH_COUNTRIES
        country = self.country_id.name if abroad else ""
        return ", ".join(filter(None, (self.street, self.street2, town, country)))

    def _prepare_fr_party(self):
        self.ensure_one()
        commercial = self.commercial_partner_id
        return {
            "name": commercial.name or "",
            "address": self._get_fr_address_line(),
            "has_full_address": bool(self.street and self.city),
            "country": self.country_id.code or "FR",
            # A wrong number is shown by the check, not silently dropped.
            "siren": commercial._get_siren() or commercial._get_fr_raw_siren(),
            "siret": commercial._get_siret() or "",
            "vat": (commercial.vat or "").replace(" ", "").strip("/"),
        }

    def _get_fr_raw_siren(self):
        registry = "".join((self.company_registry or "").split())
        if self.country_id.code not in FRENCH_COUNTRIES:
            return ""
        return registry[:9]

    def _prepare_fr_buyer(self):
        """Return the partner as the buyer of a document."""
        self.ensure_one()
        commercial = self.commercial_partner_id
        party = commercial._prepare_fr_party()
        # The document shows the address of the contact it is sent to.
        party["has_full_address"] = bool(self.street and self.city)
        billing = self._get_fr_address_line()
        return Buyer(
            **party,
            is_business=self._is_business_customer(),
            zone=commercial._get_fr_zone(),
            billing_address="" if billing == party["address"] else billing,
        )

    def _prepare_fr_supplier(self):
        """Return the partner as the seller of a self-billed document."""
        self.ensure_one()
        commercial = self.commercial_partner_id
        return Seller(
            **commercial._prepare_fr_party(),
            is_french=commercial._get_fr_zone() == "FR",
        )

    def _get_fr_fix_action(self):
        """Open the client over the document, to type what is missing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
