from datetime import timedelta

from odoo import models

from ..lib.workdays import instant, previous_workday

BROWSER = "Mozilla/5.0 (demo)"
# What the first version said of these services: (days, price) of a line.
FORMER = {"dev": {"product_uom_qty": 18, "price_unit": 780}}
# Days ago, later than the first version whatever the weekends in between.
SECOND_VERSION_DAYS = 6
# (days ago, hour, minute): later each time, also when two fall on the same Friday.
VISITS = ((3, 9, 12), (2, 11, 30), (1, 17, 5))


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_quote(self):
        """TechCorp got two versions of its quote, Biotech read its own three times."""
        # No PDF: nothing prints while addons are being installed.
        demo = self.with_context(crm_quotes_no_pdf=True)
        demo._tell_two_versions(demo._recall("order", "techcorp_agence"))
        demo._tell_openings(demo._recall("order", "biotech_refonte"))

    def _tell_two_versions(self, order):
        """The first was read, then changed; nobody has read the second yet."""
        sent_at = order.date_order
        first = self._play_seller(order, sent_at)
        lines = {
            self._recall("product", name): values for name, values in FORMER.items()
        }
        kept = {}
        for line in first.order_line.filtered(lambda line: line.product_id in lines):
            values = lines[line.product_id]
            kept[line.id] = {name: line[name] for name in values}
            line.write(values)
        first._note_quote_sent()
        self._tell_visit(order, sent_at + timedelta(hours=5))
        second_at = self._get_second_version_time()
        second = self._play_seller(order, second_at)
        for line in second.order_line.filtered(lambda line: line.id in kept):
            line.write(kept[line.id])
        second._note_quote_sent()

    def _get_second_version_time(self):
        """Return when TechCorp got the second version of its quote."""
        return self._get_instant(SECOND_VERSION_DAYS, 11, 5)

    def _tell_openings(self, order):
        self._play_seller(order, order.date_order)._note_quote_sent()
        for moment in VISITS:
            self._tell_visit(order, self._get_instant(*moment))

    def _tell_visit(self, order, at):
        visit = f"crm_demo_{at}"
        reader = self._play_seller(order, at)
        reader._note_quote_opened(order.partner_id, visit, f"{BROWSER} {visit}")

    def _play_seller(self, order, at):
        """Return the quote in the hands of its seller, at a moment of the story."""
        order = order.with_user(order.user_id).sudo()
        return order.with_context(**self.env.context, crm_demo_at=at)

    def _get_instant(self, days_ago, hour, minute):
        day = previous_workday(self._get_today() - timedelta(days=days_ago))
        return instant(day, hour, minute)
