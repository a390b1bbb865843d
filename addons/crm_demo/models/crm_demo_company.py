import base64

from markupsafe import Markup

from odoo import models

from ..lib import identifiers
from .crm_demo import DATA


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
                **self._prepare_legal(row),
                "external_report_layout_id": self.env.ref(
                    "web.external_layout_standard"
                ).id,
            }
        )
        company.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
        self._open_bank_account(company, row)

    def _prepare_legal(self, row):
        """Return what French documents print of the company, so that they post."""
        return {
            "fr_legal_form": row["legal_form"],
            "fr_share_capital": int(row["share_capital_eur"]),
            "fr_registry_kind": row["registry_kind"],
            "fr_registry_town": row["registry_town"] or False,
            "fr_vat_regime": row["vat_regime"],
            "late_interest_method": "contract",
            "late_interest_rate": float(row["late_interest_pct"]),
            "late_interest_fee": 40,
        }

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
