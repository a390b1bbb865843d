from collections import defaultdict

from odoo import Command, models
from odoo.exceptions import UserError

from ..lib.basket import find_associations

MAX_CLIENTS = 20_000
MAX_SHOWN = 3
# Some of what goes together is no longer sold: more is looked at than shown.
MAX_FOUND = 50


class SaleOrder(models.Model):
    """What clients who bought the same also bought."""

    _inherit = "sale.order"

    def action_propose_more(self):
        """Show what to propose beside what the quotation holds, to pick from."""
        self._check_may_grow()
        found, products = self._find_upsells()
        if not found:
            raise UserError(
                self.env._(
                    "There is nothing sure to propose: too few other clients bought"
                    " these products together with another one."
                )
            )
        prices = self.pricelist_id._get_products_price(
            products, 1.0, currency=self.currency_id, date=self.date_order
        )
        # sudo: proposals are the system's; only who asked reads them
        proposals = (
            self.env["crm.upsell.proposal"]
            .sudo()
            .create(
                [
                    {
                        "order_id": self.id,
                        "product_id": association.product_id,
                        "because_id": association.because_id,
                        "support": association.support,
                        "base": association.base,
                        "price": prices[association.product_id],
                    }
                    for association in found
                ]
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose More"),
            "res_model": proposals._name,
            "domain": [("id", "in", proposals.ids)],
            "views": [(False, "kanban")],
            "target": "new",
        }

    def _check_may_grow(self):
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("A product is proposed on a quotation, before the order.")
            )

    def _find_upsells(self):
        """Return the associations to show, the surest first, and their products.

        Past orders are those the person may read, of the quotation's company; the
        client himself does not count.
        """
        held = self.order_line.product_id
        found = find_associations(
            self._read_client_baskets(), held.ids, limit=MAX_FOUND
        )
        products = self.env["product.product"].search(
            [
                ("id", "in", [association.product_id for association in found]),
                ("sale_ok", "=", True),
                ("type", "!=", "combo"),
                ("product_tmpl_id", "not in", held.product_tmpl_id.ids),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        sold = set(products.ids)
        shown = [one for one in found if one.product_id in sold][:MAX_SHOWN]
        return shown, products

    def _read_client_baskets(self):
        """Return the products that each other client ever ordered."""
        lines = self.env["sale.order.line"]
        rows = lines._read_group(
            [*lines._get_basket_domain(self.company_id), ("state", "=", "sale")],
            ["order_partner_id"],
            ["product_id:array_agg_distinct"],
            limit=MAX_CLIENTS,
        )
        baskets = defaultdict(set)
        for partner, product_ids in rows:
            # sudo: the orders are readable, only the firm of a contact is read
            baskets[partner.sudo().commercial_partner_id.id].update(product_ids)
        baskets.pop(self.partner_id.commercial_partner_id.id, None)
        return baskets.values()

    def _add_upsell(self, product):
        """Add a proposed product at the end, with the price of the price list."""
        self.lock_for_update()
        self._check_may_grow()
        if product in self.order_line.product_id:
            raise UserError(
                self.env._("%s is on the quotation already.", product.display_name)
            )
        last = max(self.order_line.mapped("sequence"), default=10)
        values = {"product_id": product.id, "sequence": last}
        self.write({"order_line": [Command.create(values)]})
