from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ..lib.offers import Offer

SIREN_DIGITS, SIRET_DIGITS = 9, 14


class CrmDocumentValues(models.AbstractModel):
    """The families that every document has: who writes, to whom, and when."""

    _inherit = "crm.document.values"

    def _family_client(self):
        return self.env._("Client"), (
            (Offer("nom", self.env._("Name of the client")), lambda p: p.name),
            (
                Offer("adresse", self.env._("Address of the client"), "long_text"),
                _read_address,
            ),
            (Offer("rue", self.env._("Street")), lambda p: p.street),
            (
                Offer(
                    "complement", self.env._("Address, second line"), is_optional=True
                ),
                lambda p: p.street2,
            ),
            (Offer("code_postal", self.env._("Postcode")), lambda p: p.zip),
            (Offer("ville", self.env._("City")), lambda p: p.city),
            (Offer("pays", self.env._("Country")), lambda p: p.country_id.name),
            (Offer("siren", self.env._("SIREN of the client")), _read_siren),
            (
                Offer("siret", self.env._("SIRET of the client")),
                lambda p: p.company_registry,
            ),
            (Offer("tva", self.env._("VAT number of the client")), lambda p: p.vat),
            (Offer("telephone", self.env._("Phone of the client")), lambda p: p.phone),
            (Offer("email", self.env._("Email of the client")), lambda p: p.email),
            (
                Offer(
                    "site_web", self.env._("Website of the client"), is_optional=True
                ),
                lambda p: p.website,
            ),
        )

    def _family_contact(self):
        return self.env._("Contact person"), (
            (Offer("nom", self.env._("Name of the contact")), lambda p: p.name),
            (
                Offer("fonction", self.env._("Job position of the contact")),
                lambda p: p.function,
            ),
            (Offer("email", self.env._("Email of the contact")), lambda p: p.email),
            (Offer("telephone", self.env._("Phone of the contact")), lambda p: p.phone),
        )

    def _family_entreprise(self):
        return self.env._("Our company"), (
            (Offer("nom", self.env._("Name of our company")), lambda c: c.name),
            (
                Offer("adresse", self.env._("Address of our company"), "long_text"),
                lambda c: _read_address(c.partner_id),
            ),
            (Offer("ville", self.env._("City of our company")), lambda c: c.city),
            (
                Offer("siren", self.env._("SIREN of our company")),
                lambda c: _read_siren(c.partner_id),
            ),
            (
                Offer("siret", self.env._("SIRET of our company")),
                lambda c: c.company_registry,
            ),
            (Offer("tva", self.env._("VAT number of our company")), lambda c: c.vat),
            (Offer("telephone", self.env._("Phone of our company")), lambda c: c.phone),
            (Offer("email", self.env._("Email of our company")), lambda c: c.email),
            (
                Offer(
                    "site_web", self.env._("Website of our company"), is_optional=True
                ),
                lambda c: c.website,
            ),
            (
                Offer(
                    "logo", self.env._("Logo of our company"), "image", is_optional=True
                ),
                lambda c: c.logo,
            ),
        )

    def _family_utilisateur(self):
        return self.env._("Author of the document"), (
            (
                Offer("nom", self.env._("Name of the author"), is_volatile=True),
                lambda u: u.name,
            ),
            (
                Offer(
                    "fonction",
                    self.env._("Job position of the author"),
                    is_volatile=True,
                ),
                lambda u: u.partner_id.function,
            ),
            (
                Offer("email", self.env._("Email of the author"), is_volatile=True),
                lambda u: u.email,
            ),
            (
                Offer("telephone", self.env._("Phone of the author"), is_volatile=True),
                lambda u: u.phone,
            ),
        )

    def _family_dates(self):
        return self.env._("Dates"), (
            (
                Offer(
                    "aujourdhui", self.env._("Today's date"), "date", is_volatile=True
                ),
                lambda c: _today(c),
            ),
            (
                Offer(
                    "dans_30_jours",
                    self.env._("Date in 30 days"),
                    "date",
                    is_volatile=True,
                ),
                lambda c: _today(c) + relativedelta(days=30),
            ),
            (
                Offer(
                    "dans_un_an",
                    self.env._("Date in one year"),
                    "date",
                    is_volatile=True,
                ),
                lambda c: _today(c) + relativedelta(years=1),
            ),
            (
                Offer("annee", self.env._("Current year"), is_volatile=True),
                lambda c: str(_today(c).year),
            ),
        )


def _today(record):
    """Return the day it is for the reader of the document."""
    return fields.Date.context_today(record)


def _read_address(partner):
    lines = (
        partner.street,
        partner.street2,
        " ".join(filter(None, (partner.zip, partner.city))),
        partner.country_id.name,
    )
    return "\n".join(line for line in lines if line)


def _read_siren(partner):
    """The first nine digits of a French company number, whichever form was typed."""
    digits = "".join(filter(str.isdigit, partner.company_registry or ""))
    return digits[:SIREN_DIGITS] if len(digits) in (SIREN_DIGITS, SIRET_DIGITS) else ""
