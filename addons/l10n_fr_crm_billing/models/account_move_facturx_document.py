from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_round, html2plaintext

from ..lib import exemptions
from ..lib.facturx_check import find_problems
from ..lib.facturx_document import Document, Line, Reference, TaxGroup, Totals
from ..lib.facturx_exemptions import CODES, merge_groups, mixed_out_of_scope

MICRO = Decimal("0.000001")


def to_decimal(amount, decimals=2):
    """Turn a float of the ORM into a Decimal with that many decimals."""
    return Decimal(f"{float_round(amount, precision_digits=decimals):.{decimals}f}")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _prepare_facturx_document(self):
        """Read everything the XML says, once, into ``lib.facturx_document``."""
        self.ensure_one()
        self = self.with_context(lang=self.partner_id.lang or self.env.lang)
        kind = self._get_fr_document_kind()
        groups, codes, tax_euro = self._prepare_facturx_taxes()
        lines = self._prepare_facturx_lines(codes)
        taxes = merge_groups(groups)
        categories = {tax.category for tax in taxes}
        seller, buyer, ship_to = self._prepare_facturx_parties(categories)
        totals = self._prepare_facturx_totals(kind, lines, taxes, tax_euro)
        is_intra = "K" in categories
        issued_on = self.invoice_date or fields.Date.context_today(self)
        return Document(
            number=self.name or "",
            issued_on=issued_on,
            kind=kind,
            currency=self.currency_id.name,
            seller=seller,
            buyer=buyer,
            lines=tuple(lines),
            taxes=tuple(taxes),
            totals=totals,
            due_on=(self._get_fr_paid_on() if kind.is_paid else self.invoice_date_due)
            or None,
            terms=self.invoice_payment_term_id.name or "",
            delivered_on=self.delivery_date or (issued_on if is_intra else None),
            ship_to=ship_to,
            order_number=self._get_fr_order_number() or "",
            notes=self._get_fr_invoice_notes(),
            free_note=html2plaintext(self.narration).strip() if self.narration else "",
            references=self._prepare_facturx_references(kind),
            means_code=("58" if self.partner_bank_id.acc_type == "iban" else "30"),
        )

    def _prepare_facturx_references(self, kind):
        moves = (
            self.reversed_entry_id if kind.is_credit_note else self._get_fr_deposits()
        )
        return tuple(
            Reference(move.name, move.invoice_date or None)
            for move in moves
            if move.state == "posted"
        )

    def _get_fr_paid_on(self):
        """Return the day of the last payment."""
        lines = self.line_ids.filtered(lambda x: x.display_type == "payment_term")
        return max(lines.matched_credit_ids.mapped("max_date"), default=None)

    def _prepare_facturx_taxes(self):
        """Group the VAT as EN 16931 does, on the whole sale when deposits are deducted.

        :return: groups, (category, rate) per invoice line, VAT in euro or None
        """
        AccountTax = self.env["account.tax"]
        deposit_lines = self._get_fr_deposit_lines()
        product_lines = (
            self.invoice_line_ids.filtered(lambda x: x.display_type == "product")
            - deposit_lines
        )
        base_lines = [
            self._prepare_product_base_line_for_taxes_computation(line)
            for line in product_lines
        ]
        tax_lines = None
        if not deposit_lines:  # what the accountant corrected by hand counts
            tax_lines = [
                self._prepare_tax_line_for_taxes_computation(line)
                for line in self.line_ids.filtered("tax_repartition_line_id")
            ]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(
            base_lines, self.company_id, tax_lines=tax_lines
        )
        keys = self._get_facturx_tax_keys(product_lines)
        sums = {}
        for base_line in base_lines:
            line = base_line["record"]
            amounts = sums.setdefault(keys[line], [Decimal(0), 0.0, 0.0])
            amounts[0] += to_decimal(line.price_subtotal)
            for data in base_line["tax_details"]["taxes_data"]:
                amounts[1] += data["tax_amount_currency"]
                amounts[2] += data["tax_amount"]
        texts = self._get_fr_exemption_texts()
        groups = [
            self._prepare_facturx_group(key, amounts, texts)
            for key, amounts in sums.items()
        ]
        codes = {line: (key[0], key[1]) for line, key in keys.items()}
        euro = None
        if self.currency_id != self.company_currency_id:
            euro = to_decimal(sum(amounts[2] for amounts in sums.values()))
        return groups, codes, euro

    @api.model
    def _prepare_facturx_group(self, key, amounts, texts):
        category, rate, case, reason_code = key
        return TaxGroup(
            category=category,
            rate=rate,
            base=amounts[0],
            amount=to_decimal(amounts[1]),
            reason=texts.get(case, "") if case else "",
            reason_code=reason_code,
        )

    def _get_facturx_tax_keys(self, lines):
        """Return (category, rate, case, reason code) of each line."""
        keys = {}
        for line in lines:
            tax = line.tax_ids.flatten_taxes_hierarchy().filtered(
                lambda x: x.amount_type == "percent"
            )[:1]
            if tax.amount:
                keys[line] = ("S", to_decimal(tax.amount), "", "")
                continue
            operation = line._get_fr_operation() or "services"
            case = self._get_fr_exemption_case(tax, operation)
            category, reason_code = CODES[case]
            if case in (exemptions.EXEMPT, exemptions.MARGIN):
                reason_code = tax.ubl_cii_tax_exemption_reason_code or reason_code
            rate = None if category == "O" else Decimal(0)
            keys[line] = (category, rate, case, reason_code)
        if mixed_out_of_scope({key[0] for key in keys.values()}):
            for line, (category, rate, case, code) in keys.items():
                if category == "O":
                    keys[line] = ("E", Decimal(0), case, "")
                else:
                    keys[line] = (category, rate, case, code)
        return keys

    def _prepare_facturx_lines(self, codes):
        lines = self.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        return [
            line._prepare_facturx_line(index, *codes[line])
            for index, line in enumerate(lines, start=1)  # core numbers them so
            if line in codes
        ]

    def _prepare_facturx_totals(self, kind, lines, taxes, tax_euro):
        lines_total = sum((line.total for line in lines), Decimal(0))
        tax_total = sum((tax.amount for tax in taxes), Decimal(0))
        grand = lines_total + tax_total
        payable = to_decimal(self.amount_residual)
        deducted = -sum(self._get_fr_deposit_lines().mapped("price_total"))
        paid = to_decimal(self.amount_total - self.amount_residual + deducted)
        if kind.is_paid and not kind.is_final:
            paid = grand  # BR-FR-CO-09
        return Totals(
            lines=lines_total,
            tax=tax_total,
            grand=grand,
            prepaid=paid,
            payable=payable if self.state == "posted" else grand - paid,
            tax_in_euro=tax_euro,
        )

    def _prepare_facturx_parties(self, categories):
        """Return seller, buyer and place of delivery.

        Out-of-scope sales name no VAT number (BR-O-02).
        """
        has_vat = "O" not in categories
        company_partner = self.company_id.partner_id.commercial_partner_id
        seller = company_partner._prepare_facturx_party(
            address=self.company_id.partner_id,
            vat=(self.fiscal_position_id.foreign_vat or self.company_id.vat or ""),
            with_vat=has_vat,
            is_seller=True,
        )
        buyer = self.commercial_partner_id._prepare_facturx_party(
            address=self.partner_id,
            vat=self.commercial_partner_id.vat or "",
            with_vat=has_vat,
        )
        place = self.partner_shipping_id
        ship_to = None
        if "K" in categories or (place and place != self.partner_id):
            place = place or self.partner_id
            ship_to = place._prepare_facturx_party(address=place, vat="")
        return seller, buyer, ship_to

    def _get_facturx_problems(self):
        """Return what a platform would refuse (lib ``Problem``)."""
        self.ensure_one()
        return find_problems(self._prepare_facturx_document())


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_facturx_line(self, index, category, rate):
        self.ensure_one()
        total = to_decimal(self.price_subtotal)
        quantity = to_decimal(self.quantity, 4)
        share = 1 - Decimal(str(self.discount)) / 100
        net = total / quantity if quantity else Decimal(str(self.price_unit)) * share
        gross = net / share if share else Decimal(str(self.price_unit))
        if net < 0 or gross < 0:  # a price is never negative, a quantity may be
            net, gross, quantity = -net, -gross, -quantity
        text = (self.name or "").strip()
        name = self.product_id.name or text.partition("\n")[0] or "-"
        return Line(
            index=index,
            name=name,
            description=text if text != name else "",
            quantity=quantity,
            net_price=net.quantize(MICRO),
            gross_price=max(gross, net).quantize(MICRO),
            total=total,
            category=category,
            rate=rate,
        )
