from odoo import models

BROWSER = "Mozilla/5.0 (demo)"
# What the first version said of these services: (days, price) of a line.
FORMER = {"dev": {"product_uom_qty": 18, "price_unit": 780}}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_quote(self):
        """TechCorp got two versions of its quote, Biotech read its own three times."""
        # No PDF: nothing prints while addons are being installed.
        demo = self.with_context(crm_quotes_no_pdf=True)
        demo._tell_two_versions(demo._recall("order", "techcorp_agence"))
        demo._tell_openings(demo._recall("order", "biotech_refonte"))

    def _tell_two_versions(self, order):
        order = order.with_user(order.user_id).sudo().with_context(**self.env.context)
        lines = {
            self._recall("product", name): values for name, values in FORMER.items()
        }
        kept = {}
        for line in order.order_line.filtered(lambda line: line.product_id in lines):
            values = lines[line.product_id]
            kept[line] = {name: line[name] for name in values}
            line.write(values)
        order._note_quote_sent()
        for line, values in kept.items():
            line.write(values)
        order._note_quote_sent()

    def _tell_openings(self, order):
        order = order.with_user(order.user_id).sudo().with_context(**self.env.context)
        order._note_quote_sent()
        for visit in ("mon", "tue", "wed"):
            order._note_quote_opened(
                order.partner_id, f"crm_demo_{visit}", f"{BROWSER} {visit}"
            )
