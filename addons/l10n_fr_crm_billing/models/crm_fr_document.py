from dataclasses import asdict
from decimal import Decimal

from odoo import api, fields, models

from ..lib import mentions, wordings
from ..lib.exemptions import EXEMPT, Clue, find_case
from ..lib.facts import Category, TaxBase
from ..lib.wordings import Printed


class CrmFrDocument(models.AbstractModel):
    """What quotes and invoices of a French company have in common.

    While a document is a draft its mentions follow the settings. Once it is issued
    they are kept with it: a law or an address that changes later changes nothing.
    """

    _name = "crm.fr.document"
    _description = "Document With French Mentions"

    fr_mentions_kept = fields.Json(
        string="Mentions as Issued", copy=False, readonly=True
    )

    def _prepare_fr_facts(self):
        """Return the facts of the document; each model says its own."""
        raise NotImplementedError

    def _has_fr_mentions(self):
        """Tell whether the document follows French law."""
        raise NotImplementedError

    @api.model
    def _prepare_fr_parties(self, company, partner):
        return {
            "seller": company._prepare_fr_seller(),
            # The buyer may be another company's contact that the reader cannot open.
            "buyer": partner.sudo()._prepare_fr_buyer(),
        }

    @api.model
    def _prepare_fr_lines(self, lines, company, buyer, *, untaxed_case=""):
        """Sum up the taxes of the lines.

        :param untaxed_case: case of the lines without any tax, if it is known
        """
        bases, bare = {}, 0
        scopes = set()
        for line in lines:
            scope = self._get_fr_line_scope(line)
            scopes.add(scope)
            found = [
                self._prepare_fr_base(tax, scope, company, buyer)
                for tax in line.tax_ids.flatten_taxes_hierarchy()
                if tax.amount_type == "percent"
            ]
            if not found and company.fr_vat_regime == "franchise":
                case = find_case(Clue("", buyer.zone, scope), is_franchise=True)
                found = [TaxBase(Decimal(0), case)]
            elif not found and untaxed_case:
                found = [TaxBase(Decimal(0), untaxed_case)]
            bare += not found
            bases.update(dict.fromkeys(found))
        return {
            "bases": tuple(bases),
            "bare_lines": bare,
            "unnamed_lines": sum(1 for line in lines if not (line.name or "").strip()),
            "category": self._get_fr_category(scopes),
        }

    @api.model
    def _get_fr_line_scope(self, line):
        """Return ``goods`` or ``services``: the product says it, else the tax."""
        if line.product_id:
            return "services" if line.product_id.type == "service" else "goods"
        scopes = set(line.tax_ids.mapped("tax_scope")) - {False}
        return "goods" if scopes == {"consu"} else "services"

    @api.model
    def _get_fr_category(self, scopes):
        if not scopes:
            return None
        return Category.MIXED if len(scopes) > 1 else Category(scopes.pop())

    @api.model
    def _prepare_fr_base(self, tax, scope, company, buyer):
        rate = Decimal(str(tax.amount)).normalize()
        if rate:
            return TaxBase(rate)
        code = tax.ubl_cii_tax_exemption_reason_code or ""
        clue = Clue(tax.ubl_cii_tax_category_code or "", buyer.zone, scope)
        case = find_case(clue, code, is_franchise=company.fr_vat_regime == "franchise")
        reason = tax._get_fr_exemption_words() if case == EXEMPT else ""
        return TaxBase(Decimal(0), case, reason)

    def _get_fr_mentions(self):
        """Return the mentions of the document, as they are or were printed."""
        self.ensure_one()
        if not self._has_fr_mentions():
            return []
        if self.fr_mentions_kept:
            return [Printed(**values) for values in self.fr_mentions_kept]
        company = self.company_id
        return self.env["crm.legal.mention"]._print_mentions(
            self._prepare_fr_facts(), company
        )

    def _get_fr_mentions_by_place(self):
        """Return ``{place: [mention]}`` for the templates."""
        places = {}
        for mention in self._get_fr_mentions():
            places.setdefault(mention.place, []).append(mention)
        return places

    def _keep_fr_mentions(self):
        """Keep the words with the documents: from now on they do not change."""
        for company, documents in self.grouped("company_id").items():
            texts = self.env["crm.legal.mention"]._get_wordings(company)
            for document in documents.filtered(lambda d: d._has_fr_mentions()):
                facts = document._prepare_fr_facts()
                printed = wordings.print_mentions(mentions.decide(facts), texts, facts)
                document.fr_mentions_kept = [asdict(mention) for mention in printed]
