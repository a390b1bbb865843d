from odoo import fields, models

from odoo.addons.crm_documents.lib.offers import LIST, Offer


class CrmDocumentValues(models.AbstractModel):
    _inherit = "crm.document.values"

    def _get_kinds(self):
        return {**super()._get_kinds(), "sale.order": self.env._("Quote")}

    def _get_families(self, model):
        families = super()._get_families(model)
        if model == "sale.order":
            families.insert(2, "devis")
        return families

    def _find_parties(self, record):
        parties = super()._find_parties(record)
        if record._name == "sale.order":
            parties["devis"] = record
        return parties

    def _family_devis(self):
        return self.env._("Quote"), (
            (Offer("numero", self.env._("Number of the quote")), lambda o: o.name),
            (
                Offer("date", self.env._("Date of the quote"), "date"),
                lambda o: (
                    o.date_order
                    and fields.Datetime.context_timestamp(o, o.date_order).date()
                ),
            ),
            (
                Offer("validite", self.env._("The quote is valid until"), "date"),
                lambda o: o.validity_date,
            ),
            (
                Offer("lignes", self.env._("Lines of the quote"), LIST),
                lambda o: o.order_line.filtered(_is_priced),
                self._rows_of_line(),
            ),
            (
                Offer(
                    "lignes_et_titres", self.env._("Lines with their headings"), LIST
                ),
                lambda o: o.order_line,
                self._rows_of_line(is_optional=True),
            ),
            (
                Offer("total_ht", self.env._("Total before tax"), "money"),
                lambda o: (o.amount_untaxed, o.currency_id),
            ),
            (
                Offer("total_tva", self.env._("Total of VAT"), "money"),
                lambda o: (o.amount_tax, o.currency_id),
            ),
            (
                Offer("total_ttc", self.env._("Total with tax"), "money"),
                lambda o: (o.amount_total, o.currency_id),
            ),
            (
                Offer("conditions_paiement", self.env._("Payment terms")),
                lambda o: o.payment_term_id.name,
            ),
            (
                Offer("conditions", self.env._("Terms and conditions"), "html"),
                lambda o: o.note,
            ),
            (
                Offer(
                    "reference_client",
                    self.env._("Reference given by the client"),
                    is_optional=True,
                ),
                lambda o: o.client_order_ref,
            ),
            (
                Offer("commercial", self.env._("Salesperson of the quote")),
                lambda o: o.user_id.name,
            ),
        )

    def _rows_of_line(self, is_optional=False):
        """Return what one line of a quote offers.

        :param is_optional: for headings and notes, which have no price
        """

        def offer(code, label, kind="text", optional=is_optional):
            return Offer(code, label, kind, is_optional=optional)

        return (
            (
                offer("designation", self.env._("Description"), "long_text"),
                lambda x: x.name,
            ),
            (
                offer("quantite", self.env._("Quantity"), "number"),
                lambda x: x.product_uom_qty if _is_priced(x) else None,
            ),
            (
                offer("unite", self.env._("Unit"), optional=True),
                lambda x: x.product_uom_id.name if _is_priced(x) else None,
            ),
            (
                offer("prix_unitaire", self.env._("Unit price before tax"), "money"),
                lambda x: (x.price_unit, x.currency_id) if _is_priced(x) else None,
            ),
            (
                offer(
                    "remise", self.env._("Discount in percent"), "number", optional=True
                ),
                lambda x: x.discount or None,
            ),
            (
                offer("total_ht", self.env._("Amount before tax"), "money"),
                lambda x: (x.price_subtotal, x.currency_id) if _is_priced(x) else None,
            ),
            (
                offer("titre", self.env._("Heading or note"), optional=True),
                lambda x: x.name if x.display_type else None,
            ),
        )


def _is_priced(line):
    return not line.display_type
