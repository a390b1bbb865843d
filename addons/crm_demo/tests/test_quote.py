from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestQuote(StoryCase):
    """What a newcomer finds on a quote that changed, and on one that is read."""

    def test_techcorp_has_not_read_the_second_version(self):
        order = self.recall("order", "techcorp_agence")
        first, second = order.quote_version_ids.sorted("number")
        self.assertEqual((first.amount_untaxed, second.amount_untaxed), (20240, 21200))
        self.assertEqual(second.amount_untaxed, order.amount_untaxed)
        self.assertEqual(first.taken_at, order.date_order)
        (visit,) = order.quote_event_ids.filtered(lambda event: event.kind == "opened")
        self.assertEqual(visit.version_id, first)
        self.assertLess(first.taken_at, visit.at)
        self.assertLess(visit.at, second.taken_at)
        self.assertLess(second.taken_at.date(), self.today)
        news = order._prepare_quote_news(order.partner_id, "another visit")
        self.assertEqual(news["count"], 2)
        self.assertFalse((first | second).filtered(lambda v: v._find_damage()))

    def test_each_edit_bears_the_day_of_the_story(self):
        order = self.recall("order", "techcorp_agence")
        second = order.quote_version_ids.filtered(lambda v: v.number == 2)
        screen = order.get_quote_comparison(1, 2)
        self.assertEqual(screen["change_count"], 2)
        edits = second._get_content()["edits"].values()
        days = {at[:10] for names in edits for _by, at in names.values()}
        self.assertEqual(days, {second.taken_at.date().isoformat()})

    def test_the_proposal_was_made_before_it_was_read(self):
        document = self.recall("document", "techcorp_agence")
        order = self.recall("order", "techcorp_agence")
        last = max(order.quote_version_ids.mapped("taken_at"))
        self.assertLess(last, document.create_date)
        self.assertLess(
            document.create_date, min(document.share_ids.visit_ids.mapped("at"))
        )

    def test_biotech_opened_its_quote_three_times(self):
        order = self.recall("order", "biotech_refonte")
        self.assertEqual(order.quote_opened_count, 3)
        moments = order.quote_event_ids.sorted("id").mapped("at")
        self.assertEqual(moments, sorted(moments))
        self.assertLess(max(moments).date(), self.today)
