from decimal import Decimal

from odoo import fields, models

from ..lib.exemptions import FRANCHISE, OUT_OF_SCOPE
from ..lib.facts import CREDIT_KINDS, Category, Facts, Kind, Reference
from ..lib.typography import format_amount, format_day

# Not printed: the rules of the electronic invoice ask for these notes even where the
# law asks for nothing.
CONSUMER_NOTES = {
    "PMD": "Pénalités de retard : sans objet, client particulier.",
    "PMT": "Indemnité forfaitaire de recouvrement : sans objet, client particulier.",
    "AAB": "Pas d'escompte pour paiement anticipé.",
}
NOTE_CODES = {
    "PMD": ("late_penalty",),
    "PMT": ("recovery_fee",),
    "AAB": ("early_discount", "no_early_discount"),
    "TXD": ("debits",),
}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.fr.document"]

    fr_credit_reason = fields.Char(
        string="Reason of the Credit Note",
        copy=False,
        help="Printed on the credit note beside the invoice it corrects.",
    )

    def _has_fr_mentions(self):
        self.ensure_one()
        return self.company_id._is_fr_billing() and (
            self.is_sale_document() or self._is_fr_self_billed()
        )

    def _is_fr_self_billed(self):
        return self.is_purchase_document() and self.journal_id.is_self_billing

    def _get_fr_kind(self):
        """Return the kind of the document in the words of the mentions."""
        self.ensure_one()
        is_credit = self.move_type in ("out_refund", "in_refund")
        if self._is_fr_self_billed():
            return Kind.SELF_BILLED_CREDIT_NOTE if is_credit else Kind.SELF_BILLED
        if is_credit:
            return Kind.CREDIT_NOTE
        if self._is_downpayment():
            return Kind.DEPOSIT
        return Kind.FINAL if self._get_fr_deposits() else Kind.INVOICE

    def _get_fr_originals(self):
        """Return the invoices that a credit note corrects."""
        self.ensure_one()
        return self.reversed_entry_id

    def _get_fr_title_kind(self):
        """Return the kind to print in the title, or nothing abroad."""
        return self._get_fr_kind() if self._has_fr_mentions() else ""

    def _prepare_fr_facts(self):
        self.ensure_one()
        company, partner = self.company_id, self.partner_id
        parties = self._prepare_fr_parties(company, partner)
        if self._is_fr_self_billed():
            # The supplier is the seller; the company writes in its name.
            buyer = company.partner_id.sudo()._prepare_fr_buyer()
            parties = {"seller": partner.sudo()._prepare_fr_supplier(), "buyer": buyer}
        kind = self._get_fr_kind()
        originals = self._get_fr_originals() if kind in CREDIT_KINDS else self.browse()
        lines = self._prepare_fr_lines(
            self.invoice_line_ids.filtered(lambda x: x.display_type == "product"),
            company,
            parties["buyer"],
            # Interest and indemnities repair a loss: no supply, no VAT.
            untaxed_case=OUT_OF_SCOPE if self.is_late_charge else "",
        )
        today = fields.Date.context_today(self)
        return Facts(
            kind=kind,
            day=self.invoice_date or today,
            number=self.name if self.name not in (False, "/") else "",
            **parties,
            **{**lines, "category": Category(self._get_fr_operation())},
            net=Decimal(str(abs(self.amount_untaxed_signed))),
            currency=self.currency_id.name,
            vat_in_euro=self._describe_fr_vat_in_euro(),
            due_day=self._get_fr_due_day(),
            supply_day=self.delivery_date or None,
            delivery_address=self._get_fr_delivery_address(),
            order_number=self._get_fr_order_number(),
            late_rate=company._describe_fr_late_rate(partner.commercial_partner_id),
            recovery_fee=company._describe_fr_recovery_fee(),
            early_discount=self._describe_fr_early_discount(),
            originals=tuple(
                Reference(move.name, move.invoice_date) for move in originals
            ),
            original_had_vat=any(move.amount_tax for move in originals),
            reason=self._get_fr_credit_reason(),
            deposits=tuple(
                Reference(move.name, move.invoice_date)
                for move in (self._get_fr_deposits() if kind == Kind.FINAL else ())
            ),
            turnover_passed=self._describe_fr_turnover(),
        )

    def _get_fr_due_day(self):
        """Return the due date; without terms it is not before the invoice itself.

        Odoo keeps the day a draft was made, however long it waits to be posted.
        """
        day = self.invoice_date or fields.Date.context_today(self)
        due = self.invoice_date_due
        if not due or self.invoice_payment_term_id or self.state != "draft":
            return due or None
        return max(due, day)

    def _get_fr_delivery_address(self):
        """Return where the goods go, when it is not the address of the buyer."""
        shipping = self.partner_shipping_id.sudo()
        if not shipping or shipping == self.partner_id:
            return ""
        line = shipping._get_fr_address_line()
        if line == self.partner_id.sudo()._get_fr_address_line():
            return ""
        return ", ".join(filter(None, (shipping.name, line)))

    def _get_fr_order_number(self):
        """Return the order number that the buyer gave, not a number of ours."""
        if self.move_type != "out_invoice" or self.ref == self.invoice_origin:
            return ""
        return self.ref or ""

    def _get_fr_credit_reason(self):
        return self.fr_credit_reason or ""

    def _describe_fr_vat_in_euro(self):
        """Return the VAT in euro, with the rate that was used."""
        company = self.company_currency_id
        if self.currency_id == company or company.name != "EUR":
            return ""
        taxes = self.line_ids.filtered("tax_line_id")
        vat = abs(sum(taxes.mapped("balance")))
        if not self.invoice_currency_rate or (self.amount_tax and not vat):
            return ""
        rate = Decimal(str(self.invoice_currency_rate)).quantize(Decimal("0.000001"))
        figure = f"{rate.normalize():f}".replace(".", ",")
        amount = format_amount(Decimal(str(vat)))
        return f"{amount} (1 € = {figure} {self.currency_id.name})"

    def _describe_fr_early_discount(self):
        """Return the discount of the payment terms, else that of the company."""
        term = self.invoice_payment_term_id
        if term.early_discount:
            percentage = Decimal(str(term.discount_percentage)).normalize()
            figure = f"{percentage:f}".replace(".", ",")
            day = fields.Date.add(
                self.invoice_date or fields.Date.context_today(self),
                days=term.discount_days,
            )
            return f"{figure} % pour un paiement au plus tard le {format_day(day)}"
        return self.company_id.fr_early_discount_text or ""

    def _describe_fr_turnover(self):
        """Return a sentence when a small business passes a threshold."""
        company = self.company_id
        if company.fr_vat_regime != "franchise" or self.move_type != "out_invoice":
            return ""
        return company._describe_fr_turnover_passed(
            self.invoice_date or fields.Date.context_today(self), self
        )

    def _get_fr_invoice_notes(self):
        """Same sentences as on paper; a platform wants three of them from everybody."""
        printed = self._get_fr_mention_texts()
        notes = dict(CONSUMER_NOTES)
        for subject, codes in NOTE_CODES.items():
            for code in codes:
                if code in printed:
                    notes[subject] = printed[code]
        return {**super()._get_fr_invoice_notes(), **notes}

    def _is_fr_vat_on_debits(self):
        return self.company_id.fr_vat_on_debits

    def _get_fr_exemption_texts(self):
        texts = super()._get_fr_exemption_texts()
        printed = self._get_fr_mention_texts()
        return {case: printed.get(case, text) for case, text in texts.items()}

    def _get_fr_exemption_case(self, tax, operation):
        if self.company_id.fr_vat_regime == "franchise":
            return FRANCHISE
        return super()._get_fr_exemption_case(tax, operation)

    def _get_fr_mention_texts(self):
        """Return ``{code: words}`` as printed."""
        return {mention.code: mention.text for mention in self._get_fr_mentions()}

    # Life of a document

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._keep_fr_mentions()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self.filtered("fr_mentions_kept").fr_mentions_kept = False
        return result

    # Totals after deposits

    def _get_fr_deposit_deductions(self):
        """Return a row per deposit and rate, as deducted on this invoice.

        Each row is a dictionary: number, day, label of the tax, net, vat, gross, in
        the currency of the document. The VAT is the one the deduction really takes
        off: summed over the documents of a sale it equals the VAT of the sale.
        """
        self.ensure_one()
        rows = []
        for deposit in self._get_fr_deposits():
            lines = self._get_fr_deposit_lines().filtered(
                lambda line, deposit=deposit: (
                    deposit in line._get_downpayment_lines().move_id
                )
            )
            for taxes, group in lines.grouped("tax_ids").items():
                net = -sum(group.mapped("price_subtotal"))
                gross = -sum(group.mapped("price_total"))
                rows.append(
                    {
                        "number": deposit.name,
                        "day": deposit.invoice_date,
                        "tax": ", ".join(taxes.mapped("tax_label")),
                        "net": net,
                        "vat": gross - net,
                        "gross": gross,
                    }
                )
        return rows
