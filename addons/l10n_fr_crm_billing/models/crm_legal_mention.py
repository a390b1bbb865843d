from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..lib import wordings
from ..lib.facts import Facts
from ..lib.mentions import CODES, CONDITIONS, decide, list_values
from ..lib.notice import NOTICE_CODES, print_notice
from ..lib.wordings import CUSTOM, FLAGS, Wording


class CrmLegalMention(models.Model):
    """The words of a mention, for the time they are the law.

    A law that changes is a new record: the old one gets a last day, and the documents
    posted before keep the words they were posted with.
    """

    _name = "crm.legal.mention"
    _description = "Legal Mention"
    _order = "code, date_from desc, id"
    _rec_name = "wording"

    code = fields.Selection(
        selection="_selection_code", string="Mention", required=True, index=True
    )
    label = fields.Char(help="Printed in bold before the words.")
    wording = fields.Text(
        required=True,
        help="The law gives French words, whatever the language of the client. "
        "%(name)s stands for a value: keep the names of the common record.",
    )
    reference = fields.Char(help="The article that asks for it.")
    date_from = fields.Date("In Force From", required=True)
    date_to = fields.Date("Until", help="Last day, included. Empty: still in force.")
    condition = fields.Selection(
        selection="_selection_condition",
        string="Only If",
        default="always",
        required=True,
        help="Further condition on the document.",
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="Empty: the words of all companies.", index=True
    )
    on_quote = fields.Boolean("Quotes", default=True)
    on_deposit = fields.Boolean("Deposit Invoices", default=True)
    on_invoice = fields.Boolean("Invoices", default=True)
    on_credit_note = fields.Boolean("Credit Notes", default=True)
    on_self_billing = fields.Boolean("Self-billed Invoices", default=True)
    active = fields.Boolean(default=True)

    _date_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A mention ends on the day it starts, or later.",
    )

    @api.model
    def _selection_code(self):
        names = self._get_code_names()
        codes = (*CODES, *NOTICE_CODES, CUSTOM)
        return [(code, names.get(code, code)) for code in codes]

    @api.model
    def _selection_condition(self):
        names = self._get_condition_names()
        return [(code, names[code]) for code in CONDITIONS if code in names]

    @api.constrains("code", "wording")
    def _check_wording(self):
        """Words that ask for an unknown value would fail when a document is printed."""
        for mention in self:
            values = dict.fromkeys(list_values(mention.code), "-")
            try:
                wordings.fill(mention.wording, values)
            except ValueError as error:
                names = ", ".join(f"%({name})s" for name in values)
                raise ValidationError(
                    self.env._(
                        "The words of the mention cannot be filled in. Values it may "
                        "use: %(names)s. A percent sign is written %%%%.",
                        names=names or self.env._("none"),
                    )
                ) from error

    def action_new_version(self):
        """Open a copy that takes over tomorrow; the present words end today.

        The common words stay: whoever may not change them gets words of the company,
        which go before the common ones.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        is_writable = self.has_access("write")
        successor = self.copy(
            {
                "date_from": fields.Date.add(today, days=1),
                "date_to": False,
                "company_id": self.company_id.id
                if is_writable
                else self.env.company.id,
            }
        )
        if is_writable:
            self.date_to = max(today, self.date_from)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Wording"),
            "res_model": self._name,
            "res_id": successor.id,
            "view_mode": "form",
        }

    @api.model
    def _get_wordings(self, company):
        """Return the wordings a company may use, as plain values, in one query."""
        # Sellers print quotes without any right on the settings of other companies.
        records = self.sudo().search([("company_id", "in", (False, company.id))])
        return tuple(record._to_wording() for record in records)

    def _to_wording(self):
        self.ensure_one()
        return Wording(
            code=self.code,
            text=self.wording,
            label=self.label or "",
            reference=self.reference or "",
            date_from=self.date_from,
            date_to=self.date_to or None,
            flags=frozenset(flag for flag in FLAGS if self[f"on_{flag}"]),
            condition=self.condition,
            is_own=bool(self.company_id),
            sequence=self.sequence,
        )

    @api.model
    def _get_missing_action(self, code):
        """Open the wordings of a mention that has none on some day."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_fr_crm_billing.crm_legal_mention_action"
        )
        action["domain"] = [("code", "=", code)]
        action["context"] = {"default_code": code, "active_test": False}
        return action

    @api.model
    def _print_mentions(self, facts: Facts, company):
        """Return the mentions of a document as they are printed."""
        return wordings.print_mentions(
            decide(facts), self._get_wordings(company), facts
        )

    @api.model
    def _print_notice(self, company, day, is_business):
        """Return ``{paragraph: words}`` of a formal notice of this day.

        :raises UserError: a paragraph of the law has no words in force on that day
        """
        wordings = self._get_wordings(company)
        printed, missing = print_notice(wordings, day, is_business)
        if missing:
            names = self._get_code_names()
            raise UserError(
                self.env._(
                    "No words are in force on %(day)s for '%(mention)s': add them in"
                    " Legal Mentions.",
                    day=format_date(self.env, day),
                    mention=names[missing[0]],
                )
            )
        return printed

    @api.model
    def _get_code_names(self):
        return {
            "seller_identity": self.env._("Name and address of the seller"),
            "sole_trader": self.env._("Sole trader"),
            "legal_form": self.env._("Legal form"),
            "capital": self.env._("Share capital"),
            "seller_siren": self.env._("SIREN of the seller"),
            "seller_siret": self.env._("SIRET of the seller"),
            "registry": self.env._("Register and town"),
            "seller_vat": self.env._("VAT number of the seller"),
            "vat_group": self.env._("Member of a VAT group"),
            "association": self.env._("Approved association"),
            "insurance": self.env._("Ten-year insurance"),
            "billing_address": self.env._("Billing address"),
            "buyer_siren": self.env._("SIREN of the buyer"),
            "buyer_vat": self.env._("VAT number of the buyer"),
            "supply_date": self.env._("Date of the supply"),
            "vat_in_euro": self.env._("VAT in euro"),
            "franchise": self.env._("Small business exemption"),
            "reverse_charge_building": self.env._("Reverse charge, subcontracting"),
            "reverse_charge": self.env._("Reverse charge, service to an EU business"),
            "intra_goods": self.env._("Goods to an EU business"),
            "export": self.env._("Export of goods"),
            "out_of_scope": self.env._("Outside the scope of VAT"),
            "exempt": self.env._("Exempt activity"),
            "self_billing": self.env._("Self-billing"),
            "margin": self.env._("Margin scheme"),
            "travel_agency": self.env._("Margin scheme of travel agencies"),
            "due_date": self.env._("Due date"),
            "early_discount": self.env._("Discount for early payment"),
            "no_early_discount": self.env._("No discount for early payment"),
            "late_penalty": self.env._("Late payment penalties"),
            "recovery_fee": self.env._("Recovery indemnity"),
            "order_number": self.env._("Order number of the buyer"),
            "delivery_address": self.env._("Delivery address"),
            "operation_category": self.env._("Category of the operation"),
            "debits": self.env._("VAT on debits"),
            "original_invoice": self.env._("Invoice that is credited"),
            "credit_reason": self.env._("Reason of the credit note"),
            "net_of_tax": self.env._("Net of tax"),
            "quote_validity": self.env._("Validity of the quote"),
            "place_of_work": self.env._("Place of work"),
            "quote_fee": self.env._("Price of the quote"),
            "waste": self.env._("Building waste"),
            "withdrawal": self.env._("Right of withdrawal"),
            "mediator": self.env._("Consumer mediator"),
            "notice_business": self.env._("Formal notice: a business owes penalties"),
            "notice_consumer": self.env._("Formal notice: a consumer owes interest"),
            "notice_court": self.env._("Formal notice: what follows"),
            CUSTOM: self.env._("Own mention"),
        }

    @api.model
    def _get_condition_names(self):
        return {
            "always": self.env._("Always"),
            "business": self.env._("The buyer is a business"),
            "consumer": self.env._("The buyer is a consumer"),
            "french_business": self.env._("The buyer is a French business"),
            "eu_buyer": self.env._("The buyer is in the European Union"),
            "foreign_buyer": self.env._("The buyer is abroad"),
            "goods": self.env._("Goods are sold"),
            "services": self.env._("Services are sold"),
            "vat_charged": self.env._("VAT is charged"),
        }
