from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import QuoteCase


@tagged("post_install", "-at_install")
class TestComparison(QuoteCase):
    """The screen says exactly what changed, by how much, who did it and when."""

    def compare(self, left=None, right=None, user=None):
        order = self.order.with_user(user or self.manager)
        return order.get_quote_comparison(left, right)

    def view(self, left, right):
        return self.env["crm.quote.comparison"]._prepare_view(self.order, left, right)

    def changes(self, view):
        found = []
        for row in view["rows"]:
            name = (row["after"] or row["before"])["name"]
            if row["kind"] in ("added", "removed"):
                found.append((row["kind"], name, "", row["who"], row["when"]))
            found += [
                ("changed", name, said["name"], said["who"], said["when"])
                for said in row["changes"]
            ]
        return found + [
            ("changed", "", said["name"], said["who"], said["when"])
            for said in view["terms"]
        ]

    def test_three_changes_and_only_three(self):
        with freeze_time("2026-03-02 09:00:00"):
            self.send(self.order)
        with freeze_time("2026-03-02 10:12:00"):
            self.edit(self.order, self.manager)
        with freeze_time("2026-03-02 11:00:00"):
            self.send(self.order, self.seller)
        view = self.view(1, 2)
        when = self.env["crm.quote.comparison"]._moment(
            self.env["sale.order"]
            ._fields["date_order"]
            .to_datetime("2026-03-02 10:12:00")
        )
        self.assertEqual(
            self.changes(view),
            [
                ("changed", "Développement", "price_unit", "Sophie", when),
                ("changed", "Support", "quantity", "Sophie", when),
                ("added", "Formation", "", "Sophie", when),
            ],
        )
        self.assertEqual(view["count"], 3)
        untaxed = view["totals"][0]
        digits = "".join(filter(str.isdigit, untaxed["difference"]))
        self.assertEqual(digits, "380000")
        self.assertTrue(untaxed["difference"].startswith("+"))

    def test_before_it_is_kept_the_quotation_is_compared_as_it_is(self):
        self.send(self.order)
        self.edit(self.order)
        screen = self.compare()
        self.assertEqual((screen["left"], screen["right"]), (1, 0))
        self.assertEqual(screen["change_count"], 3)
        self.assertIn("Formation", screen["html"])
        self.assertEqual([c["number"] for c in screen["choices"]], [1, 0])

    def test_any_two_in_any_order(self):
        self.send(self.order)
        self.edit(self.order)
        self.send(self.order)
        self.order.order_line[0].product_uom_qty = 5
        self.send(self.order)
        self.assertEqual(self.compare(1, 2)["change_count"], 3)
        self.assertEqual(self.compare(2, 3)["change_count"], 1)
        self.assertEqual(self.compare(1, 3)["change_count"], 4)
        turned = self.compare(3, 1)
        self.assertEqual((turned["left"], turned["right"]), (1, 3))
        self.assertEqual(self.compare(2, 2)["left"], 1)
        self.assertEqual(self.compare(99, 98)["right"], 3)

    def test_one_version_alone_says_so(self):
        self.send(self.order)
        screen = self.compare()
        self.assertEqual((screen["html"], screen["left"]), ("", None))

    def test_a_moved_line_is_no_change(self):
        self.send(self.order)
        first, _second, third = self.order.order_line
        first.sequence, third.sequence = 90, 1
        view = self.view(1, 0)
        self.assertEqual((view["count"], view["moved"]), (0, 2))
        self.assertIn("Moved", self.compare()["html"])

    def test_lines_written_again_by_a_program_are_the_same(self):
        self.send(self.order)
        lines = (("Cadrage", 4, 800), ("Développement", 20, 750), ("Support", 6, 600))
        self.order.write(
            {"order_line": [Command.clear(), *(self.line(*line) for line in lines)]}
        )
        self.assertEqual(
            [change[:3] for change in self.changes(self.view(1, 0))],
            [("changed", "Support", "quantity")],
        )

    def test_texts_word_by_word_and_terms(self):
        self.send(self.order)
        self.order.with_user(self.seller).write(
            {"note": "<p>Paiement à 45 jours</p>", "client_order_ref": "BC-12"}
        )
        view = self.view(1, 0)
        self.assertEqual(
            [change[:4] for change in self.changes(view)],
            [
                ("changed", "", "client_order_ref", "Julie"),
                ("changed", "", "note", "Julie"),
            ],
        )
        html = self.compare()["html"]
        self.assertIn("<del>30</del>", html)
        self.assertIn("<ins>45</ins>", html)

    def test_what_people_type_is_text_never_html(self):
        self.send(self.order)
        self.order.order_line[0].name = "<img src=x onerror=alert(1)>"
        html = self.compare()["html"]
        self.assertNotIn("<img", html)
        self.assertIn("&lt;img", html)

    def test_removed_line_has_the_author_of_its_removal(self):
        self.send(self.order)
        self.order.order_line[1].with_user(self.manager).unlink()
        ((kind, name, _field, who, _when),) = self.changes(self.view(1, 0))
        self.assertEqual((kind, name, who), ("removed", "Développement", "Sophie"))

    def test_a_change_of_two_versions_ago_keeps_its_author(self):
        self.send(self.order)
        self.order.order_line[1].with_user(self.manager).price_unit = 700
        self.send(self.order)
        self.order.order_line[2].with_user(self.seller).product_uom_qty = 9
        self.send(self.order)
        self.assertEqual(
            [change[1:4] for change in self.changes(self.view(1, 3))],
            [
                ("Développement", "price_unit", "Sophie"),
                ("Support", "quantity", "Julie"),
            ],
        )

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.send(self.order)
        self.edit(self.order)
        order = self.order.with_user(self.manager).with_context(lang="fr_FR")
        html = order.get_quote_comparison()["html"]
        for words in ("Ligne ajoutée", "Prix unitaire", "Quantité", "Écart"):
            self.assertIn(words, html)

    def test_printed(self):
        self.send(self.order)
        self.edit(self.order)
        order = self.order.with_user(self.manager)
        action = order.action_print_quote_comparison(1, 0)
        data = action["data"]
        self.assertEqual((data["left"], data["right"]), (1, 0))
        # As the web client does: with data it sends no ids.
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_quotes.report_comparison", None, data=dict(data)
        )
        self.assertIn("Formation", html.decode())
        self.assertIn("o_crm_added", html.decode())
