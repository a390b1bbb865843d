from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import EAS_MAPPING

from ..lib.facturx_check import ADDRESS_PATTERN
from ..lib.facturx_document import (
    SCHEME_FRENCH_ADDRESS,
    SCHEME_MAIL,
    Address,
    Party,
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    fr_einvoice_address = fields.Char(
        string="Electronic Invoicing Address",
        help="Address of the company in the directory of the platforms. It starts with"
        " the SIREN; leave it empty when it is the SIREN alone.",
    )

    @api.constrains("fr_einvoice_address")
    def _check_fr_einvoice_address(self):
        for partner in self.filtered("fr_einvoice_address"):
            address = partner.fr_einvoice_address.strip()
            if not ADDRESS_PATTERN.fullmatch(address):
                raise ValidationError(
                    self.env._(
                        "The electronic invoicing address %(address)s of %(partner)s"
                        " has characters the platforms refuse. Use letters, digits and"
                        " - _ . only, at most 125 of them.",
                        address=address,
                        partner=partner.display_name,
                    )
                )
            siren = partner._get_siren()
            if siren and not address.startswith(siren):
                raise ValidationError(
                    self.env._(
                        "The electronic invoicing address %(address)s of %(partner)s"
                        " must start with the SIREN %(siren)s.",
                        address=address,
                        partner=partner.display_name,
                        siren=siren,
                    )
                )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "fr_einvoice_address"]

    def _is_fr_partner(self):
        country = self.country_id.code
        return (
            not country
            or country in self.env["res.company"]._get_france_country_codes()
        )

    def _get_facturx_endpoint(self):
        """Return the electronic address (BT-34, BT-49) and its scheme."""
        self.ensure_one()
        if self.fr_einvoice_address:
            return self.fr_einvoice_address.strip(), SCHEME_FRENCH_ADDRESS
        if self._is_fr_partner() and (siren := self._get_siren()):
            return siren, SCHEME_FRENCH_ADDRESS
        if not self._is_fr_partner():
            if self.peppol_eas and self.peppol_endpoint:
                return self.peppol_endpoint, self.peppol_eas
            for scheme, field_name in EAS_MAPPING.get(self.country_code, {}).items():
                if field_name == "vat" and (vat := self._get_facturx_vat(self.vat)):
                    return vat, scheme
        return (self.email or "", SCHEME_MAIL) if self.email else ("", "")

    @api.model
    def _get_facturx_vat(self, vat):
        """Return a VAT number with its country prefix, empty when there is none."""
        vat = "".join((vat or "").split()).strip("/").upper()
        return vat if vat[:2].isalpha() and len(vat) > 4 else ""

    def _prepare_facturx_party(self, *, address, vat, with_vat=True, is_seller=False):
        """Read a commercial entity and the address that stands for it.

        :param address: the contact whose address and person are written
        :param vat: VAT number, as typed
        :param with_vat: False drops it (out-of-scope sales)
        :param is_seller: a seller without VAT number gives its SIREN (BT-32)
        """
        self.ensure_one()
        is_french = self._is_fr_partner()
        siren = (self._get_siren() or "") if is_french else ""
        siret = (address._get_siret() or self._get_siret() or "") if is_french else ""
        endpoint, scheme = self._get_facturx_endpoint()
        vat = self._get_facturx_vat(vat)
        person = address if address != self else self.browse()
        return Party(
            name=self.name or address.name or "",
            address=Address(
                country=address.country_id.code or self.country_id.code or "",
                line1=address.street or "",
                line2=address.street2 or "",
                postcode=address.zip or "",
                city=address.city or "",
            ),
            siren=siren,
            siret=siret if siret.startswith(siren) else "",
            registration="" if is_french else self.company_registry or "",
            vat=vat if with_vat else "",
            tax_number=siren if is_seller and with_vat and not vat else "",
            endpoint=endpoint,
            endpoint_scheme=scheme,
            contact=person.name or "",
            phone=address.phone or "",
            email=address.email or "",
        )
