from datetime import date
from decimal import Decimal

from odoo import fields, models

from ..lib import mentions, wordings
from ..lib.compliance import OFF, Target, find
from ..lib.facts import Buyer, Category, Facts, Kind, TaxBase


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_fr_setup_checklist(self):
        """Return what an ordinary invoice of the company would lack."""
        self.ensure_one()
        if not self._is_fr_billing():
            return []
        Rule = self.env["crm.compliance.rule"]
        effects = Rule._get_effects(self)
        texts = self.env["crm.legal.mention"]._get_wordings(self)
        found = {}
        for facts in self._prepare_fr_samples(fields.Date.context_today(self)):
            dues = mentions.decide(facts)
            wordless = wordings.find_wordless(dues, texts, facts)
            found.update({item.code: item for item in find(facts, dues, wordless)})
        rows = []
        for finding in found.values():
            level, sentence = Rule._tell(finding, effects)
            if finding.target == Target.COMPANY and level != OFF:
                rows.append(
                    {
                        "code": finding.code,
                        "key": finding.code,
                        "level": level,
                        "message": sentence,
                        "fixable": False,
                    }
                )
        return sorted(rows, key=lambda row: row["level"])

    def _prepare_fr_samples(self, today: date):
        """Return an invoice to a business and a quote to a consumer."""
        seller = self._prepare_fr_seller()
        rate = TaxBase(Decimal(0), "franchise") if seller.is_franchise else None
        rate = rate or TaxBase(Decimal(20))
        buyer = {"name": "-", "address": "-", "siren": "732829320"}
        common = {
            "day": today,
            "seller": seller,
            "bases": (rate,),
            "category": Category.SERVICES,
            "net": Decimal(1000),
            "due_day": today,
            "valid_until": today,
            "late_rate": "-",
            "recovery_fee": "-",
            "quote_fee": self.fr_quote_fee or "",
        }
        return (
            Facts(kind=Kind.INVOICE, buyer=Buyer(**buyer), **common),
            Facts(kind=Kind.QUOTE, buyer=Buyer(**buyer, is_business=False), **common),
        )

    def _get_fr_setup_action(self):
        """Open the set-up page over what the user is doing."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("French Invoicing: %(company)s", company=self.name),
            "res_model": "crm.fr.setup",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_company_id": self.id},
        }

    def action_open_fr_setup(self):
        self.ensure_one()
        return self._get_fr_setup_action()
