from odoo import api, fields, models

from ..lib.authorship import WHOLE
from ..lib.snapshot import number_text

# Field of the line -> name in a version.
QUOTED_FIELDS = {
    "name": "name",
    "product_uom_qty": "quantity",
    "product_uom_id": "uom",
    "price_unit": "price_unit",
    "discount": "discount",
    "tax_ids": "taxes",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    quote_key = fields.Char(
        copy=False,
        groups="base.group_user",
        help="Identity of a line that was restored from a version.",
    )

    def _get_quote_key(self):
        """Return what tells the line from the others for the life of the order."""
        self.ensure_one()
        return self.sudo().quote_key or f"line-{self.id}"

    def _prepare_quote_line(self):
        self.ensure_one()
        order = self.order_id
        values = {
            "key": self._get_quote_key(),
            "kind": self.display_type or "line",
            "name": (self.name or "").strip(),
        }
        if self.display_type:
            return values
        return {
            **values,
            "product": order._prepare_quote_record(self.product_id),
            "quantity": number_text(self.product_uom_qty),
            "uom": order._prepare_quote_record(self.product_uom_id),
            "price_unit": number_text(self.price_unit),
            "discount": number_text(self.discount),
            "taxes": [order._prepare_quote_record(tax) for tax in self.tax_ids],
            "subtotal": number_text(
                self.price_subtotal, order.currency_id.decimal_places
            ),
        }

    # Who edits what: noted for the next version

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for order, added in lines.grouped("order_id").items():
            order._note_quote_edit({line._get_quote_key(): [WHOLE] for line in added})
        return lines

    def write(self, vals):
        result = super().write(vals)
        names = [QUOTED_FIELDS[name] for name in vals if name in QUOTED_FIELDS]
        if names:
            for order, lines in self.grouped("order_id").items():
                order._note_quote_edit({line._get_quote_key(): names for line in lines})
        return result

    def unlink(self):
        gone = {
            order: {line._get_quote_key(): [WHOLE] for line in lines}
            for order, lines in self.grouped("order_id").items()
        }
        result = super().unlink()
        for order, names_by_key in gone.items():
            if order.exists():
                order._note_quote_edit(names_by_key)
        return result
