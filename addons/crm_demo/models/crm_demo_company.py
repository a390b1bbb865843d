import base64

from markupsafe import Markup

from odoo import models

from ..lib import identifiers
from .crm_demo import DATA

# Late-payment rate and indemnity of the terms: C.com L441-10 and D441-5.
TERMS = {
    "lumen": Markup(
        "<p>Paiement à 30 jours, pas d'escompte pour paiement anticipé. En cas de"
        " retard : pénalités au taux annuel de 12,15 % et indemnité forfaitaire de"
        " recouvrement de 40 €.</p>"
    ),
    # Small business exemption, wording of 1 September 2026.
    "nadia": Markup(
        "<p>TVA non applicable, article L. 223-3 du CIBS. Paiement à 30 jours, pas"
        " d'escompte pour paiement anticipé. En cas de retard : pénalités au taux"
        " annuel de 12,15 % et indemnité forfaitaire de recouvrement de 40 €.</p>"
    ),
}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_company(self):
        """Make the main company Agence Lumen, and add the freelance beside it."""
        self._ensure_french()
        lumen_row, nadia_row = self._read_table("companies")
        lumen = self._get_main_company()
        self._write_company(lumen, lumen_row)
        # The creation of a French company may otherwise install localization addons.
        Company = self.env["res.company"].with_context(chart_template_load=True)
        nadia = Company.create({"name": nadia_row["name"]})
        self._write_company(nadia, nadia_row)
        nadia.account_sale_tax_id = False
        self._remember("company", ("lumen", "nadia"), lumen + nadia)
        self.env.ref("base.user_admin").company_ids += nadia
        self._set_parameter("account.use_invoice_terms", "True")
        self._set_parameter("digest.default_digest_emails", "False")

    def _ensure_french(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        self.env["ir.default"].set("res.partner", "lang", "fr_FR")
        self.env["ir.default"].set("res.partner", "tz", "Europe/Paris")

    def _write_company(self, company, row):
        france = self.env.ref("base.fr")
        quiet = company.with_context(chart_template_load=True)
        quiet.write({"name": row["name"], "country_id": france.id})
        if company.chart_template != "fr":
            self.env["account.chart.template"].try_loading("fr", company)
        vat = identifiers.make_vat_number(row["siren"])
        quiet.write(
            {
                "street": row["street"],
                "zip": row["zip"],
                "city": row["city"],
                "phone": row["phone"],
                "email": row["email"],
                "website": row["website"],
                "logo": self._read_logo(row["key"]),
                # A firm in the small business exemption charges no VAT.
                "vat": vat if row["key"] == "lumen" else False,
                "company_registry": row["siret"],
                "currency_id": self.env.ref("base.EUR").id,
                "report_footer": self._get_footer(row),
                "invoice_terms": TERMS[row["key"]],
                "external_report_layout_id": self.env.ref(
                    "web.external_layout_standard"
                ).id,
            }
        )
        company.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
        self._open_bank_account(company, row)

    def _read_logo(self, key):
        path = DATA.parent / "static" / "img" / f"{key}.png"
        return base64.b64encode(path.read_bytes())

    def _get_footer(self, row):
        return Markup("<p>%s - SIRET %s - %s</p>") % (
            row["legal_line"],
            row["siret"],
            row["phone"],
        )

    def _open_bank_account(self, company, row):
        bank = self.env["res.bank"].search([("name", "=", row["bank"])], limit=1)
        if not bank:
            bank = self.env["res.bank"].create({"name": row["bank"]})
        journal = (
            self.env["account.journal"]
            .with_company(company)
            .search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
        )
        journal.set_bank_account(row["iban"], bank.id)
