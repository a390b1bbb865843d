from collections import Counter

from odoo.tests import tagged

from ..lib.workdays import Quarter
from .common import StoryCase


@tagged("post_install", "-at_install")
class TestStory(StoryCase):
    """What a newcomer finds in the database after installation."""

    def test_main_company_is_agence_lumen(self):
        company = self.env.ref("base.main_company")
        self.assertEqual(company.name, "Agence Lumen SAS")
        self.assertEqual(company.vat, "FR44732829320")
        self.assertEqual(company.company_registry, "73282932000074")
        self.assertEqual(company.currency_id.name, "EUR")
        self.assertEqual(company.country_id.code, "FR")
        self.assertEqual(company.chart_template, "fr")
        self.assertIn("RCS Paris", company.report_footer)
        bank = company.partner_id.bank_ids
        self.assertEqual(bank.sanitized_acc_number, "FR7630006000011234567890189")

    def test_stages_are_those_of_the_agency(self):
        stages = self.env["crm.stage"].with_context(lang="fr_FR").search([])
        self.assertEqual(
            stages.mapped("name"),
            ["Nouveau", "Qualifié", "Proposition", "Négociation", "Gagné"],
        )

    def test_160_deals_were_closed_in_eight_quarters(self):
        won = self.search_deals(self.lumen, "won")
        lost = self.search_deals(self.lumen, "lost")
        self.assertEqual((len(won), len(lost)), (62, 98))
        quarters = Counter(Quarter.of(deal.date_closed.date()) for deal in won + lost)
        newest = max(quarters)
        self.assertEqual(
            sorted(quarters), [newest.shift(-ago) for ago in range(7, -1, -1)]
        )
        self.assertIn(
            newest, (Quarter.of(self.today), Quarter.of(self.today).shift(-1))
        )

    def test_conversion_of_each_seller_in_the_last_quarter(self):
        closed = self.search_deals(self.lumen, "won")
        closed += self.search_deals(self.lumen, "lost")
        newest = max(Quarter.of(deal.date_closed.date()) for deal in closed)
        last = closed.filtered(
            lambda deal: Quarter.of(deal.date_closed.date()) == newest
        )
        for login, won_count, closed_count in (("lucas", 9, 20), ("marie", 12, 40)):
            deals = last.filtered(
                lambda deal, login=login: deal.user_id == self.recall("user", login)
            )
            won = deals.filtered(lambda deal: deal.won_status == "won")
            self.assertEqual((len(won), len(deals)), (won_count, closed_count))

    def test_dates_of_closed_deals_follow_each_other(self):
        closed = self.search_deals(self.lumen, "won")
        closed += self.search_deals(self.lumen, "lost")
        for deal in closed:
            self.assertLessEqual(deal.create_date, deal.date_open)
            self.assertLessEqual(deal.date_open, deal.date_closed)
            self.assertLessEqual(deal.date_last_stage_update, deal.date_closed)
            self.assertLess(deal.date_closed.date(), self.today)
            self.assertGreater(deal.day_close, 0)
            self.assertEqual(deal.create_uid, deal.user_id)

    def test_time_in_stages_adds_up_to_the_life_of_the_deal(self):
        deal = self.recall("deal", "techcorp_refonte")
        won_stage = str(deal.stage_id.id)
        seconds = {
            stage: duration
            for stage, duration in deal.duration_tracking.items()
            if stage != won_stage
        }
        self.assertEqual(len(seconds), 4)
        life = (deal.date_closed - deal.create_date).total_seconds()
        self.assertAlmostEqual(sum(seconds.values()), life, delta=5)

    def test_lost_deals_say_why(self):
        lost = self.search_deals(self.lumen, "lost")
        self.assertTrue(all(deal.lost_reason_id for deal in lost))
        self.assertFalse(self.search_deals(self.lumen, "won").lost_reason_id)

    def test_open_deals_have_owner_stage_and_something_planned(self):
        deals = self.search_deals(self.lumen, "pending")
        self.assertEqual(len(deals), 30)
        owners = Counter(deal.user_id.login for deal in deals)
        self.assertEqual(owners, {"lucas": 12, "marie": 15, "sophie": 3})
        idle = deals.filtered(lambda deal: not deal.activity_ids)
        self.assertEqual(len(idle), 3)
        self.assertTrue(all(deal.date_deadline < self.today for deal in idle))
        self.assertTrue(all(deal.date_deadline >= self.today for deal in deals - idle))

    def test_quotes_are_in_every_state(self):
        orders = self.env["sale.order"].search([("company_id", "=", self.lumen.id)])
        states = Counter(orders.mapped("state"))
        self.assertEqual(states, {"sale": 62, "sent": 12, "draft": 4, "cancel": 4})
        self.assertTrue(orders.filtered("is_expired"))
        for order in orders:
            self.assertEqual(
                order.amount_untaxed, order.opportunity_id.expected_revenue
            )
            self.assertAlmostEqual(order.amount_tax, order.amount_untaxed * 0.2, 2)

    def test_the_quote_of_the_field_seller(self):
        order = self.env["sale.order"].search([("name", "=", "S00042")])
        self.assertEqual(order.opportunity_id.name, "Biotech - refonte")
        self.assertEqual((order.state, order.amount_untaxed), ("sent", 18000))

    def test_next_quote_takes_the_next_number(self):
        taken = self.env["sale.order"].search([("company_id", "=", self.lumen.id)])
        order = self.env["sale.order"].create(
            {
                "partner_id": self.recall("client", "biotech").id,
                "company_id": self.lumen.id,
            }
        )
        self.assertNotIn(order.name, taken.mapped("name"))
        self.assertTrue(order.name.startswith("S000"))

    def test_invoices_are_in_every_state(self):
        invoices = self.env["account.move"].search(
            [("company_id", "=", self.lumen.id), ("move_type", "=", "out_invoice")]
        )
        states = Counter((move.state, move.payment_state) for move in invoices)
        self.assertEqual(states["draft", "not_paid"], 2)
        self.assertEqual(states["cancel", "not_paid"], 1)
        self.assertEqual(states["posted", "partial"], 3)
        self.assertEqual(states["posted", "reversed"], 1)
        self.assertGreater(states["posted", "paid"], 20)
        late = invoices.filtered(
            lambda move: (
                move.payment_state == "not_paid"
                and move.state == "posted"
                and move.invoice_date_due < self.today
            )
        )
        self.assertGreaterEqual(len(late), 3)

    def test_invoices_carry_vat_of_services_on_account_706(self):
        invoice = self.recall("invoice", "oceane_chatbot")
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_untaxed, 12500)
        self.assertEqual(invoice.amount_total, 15000)
        self.assertEqual(invoice.payment_state, "not_paid")
        lines = invoice.invoice_line_ids
        self.assertEqual(set(lines.account_id.mapped("code")), {"706000"})
        self.assertEqual(lines.tax_ids.mapped("amount"), [20])

    def test_invoice_numbers_follow_without_a_gap(self):
        for company in (self.lumen, self.nadia):
            invoices = self.env["account.move"].search(
                [
                    ("company_id", "=", company.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                ],
                order="sequence_prefix, sequence_number",
            )
            for prefix, moves in invoices.grouped("sequence_prefix").items():
                numbers = moves.mapped("sequence_number")
                self.assertEqual(numbers, list(range(1, len(moves) + 1)), prefix)
                days = moves.mapped("invoice_date")
                self.assertEqual(days, sorted(days))

    def test_bank_received_what_was_paid(self):
        payments = self.env["account.payment"].search(
            [
                ("company_id", "=", self.lumen.id),
                ("payment_transaction_id", "=", False),
            ]
        )
        # What came by Stripe is paid out in sums of its own.
        payouts = self.env["crm.payout"].search([("company_id", "=", self.lumen.id)])
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", self.lumen.id),
                ("id", "not in", payouts.bank_line_id.ids),
            ]
        )
        self.assertTrue(payouts.bank_line_id)
        matched = payments.filtered("is_matched")
        self.assertGreater(len(matched), 20)
        self.assertEqual(sum(lines.mapped("amount")), sum(matched.mapped("amount")))
        self.assertTrue(all(lines.mapped("is_reconciled")))

    def test_chatbot_project_is_at_65_percent(self):
        project = self.recall("project", "oceane")
        self.assertEqual(project.partner_id.name, "Océane Cosmétiques SARL")
        done = project.task_ids.filtered(lambda task: task.state == "1_done")
        self.assertEqual((len(done), len(project.task_ids)), (13, 20))
        self.assertTrue(all(task.date_end for task in done))
        self.assertGreater(project.milestone_ids.deadline, self.today)

    def test_freelance_has_a_deal_ready_to_win(self):
        deal = self.recall("deal", "site_roux")
        self.assertEqual(deal.name, "Site Roux")
        self.assertEqual(deal.expected_revenue, 3600)
        self.assertEqual(deal.won_status, "pending")
        self.assertEqual(deal.company_id, self.nadia)
        self.assertEqual(deal.partner_id.commercial_partner_id.name, "Boulangerie Roux")
        self.assertTrue(deal.partner_id.email)

    def test_freelance_charges_no_vat(self):
        moves = self.env["account.move"].search(
            [("company_id", "=", self.nadia.id), ("move_type", "=", "out_invoice")]
        )
        self.assertEqual(len(moves), 4)
        self.assertEqual(sum(moves.mapped("amount_tax")), 0)
        for move in moves:
            printed = move._get_fr_mention_texts()
            self.assertIn("TVA non applicable", printed["franchise"])
            self.assertEqual(printed["sole_trader"], "Entrepreneur individuel (EI)")

    def test_every_posted_invoice_would_pass_the_french_check(self):
        moves = self.env["account.move"].search(
            [("move_type", "in", ("out_invoice", "out_refund"))]
        )
        troubles = {
            move.name: [row["message"] for row in move._get_fr_checklist()]
            for move in moves
        }
        self.assertEqual([name for name, rows in troubles.items() if rows], [])

    def test_telling_again_changes_nothing(self):
        models = ("crm.lead", "sale.order", "account.move", "res.partner", "res.users")

        def count():
            return [
                self.env[model].with_context(active_test=False).search_count([])
                for model in models
            ]

        before = count()
        self.demo._tell_story()
        self.assertEqual(count(), before)

    def test_nobody_was_sent_a_mail(self):
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_records_survive_without_their_external_ids(self):
        """Uninstalling removes what belongs to the addon: the story does not."""
        owned = self.env["ir.model.data"].search([("module", "=", "crm_demo")])
        self.assertFalse(
            set(owned.mapped("model")) & {"crm.lead", "account.move", "res.users"}
        )

    def test_late_clients_were_reminded_and_one_promised_to_pay(self):
        messages = self.env["crm.dunning.message"].search(
            [("company_id", "=", self.lumen.id)]
        )
        self.assertTrue(messages)
        self.assertLessEqual(set(messages.mapped("state")), {"sent", "done"})
        for line in messages.line_ids:
            self.assertLess(line.date, self.today)
            self.assertGreater(line.amount_residual, 0)
        self.assertEqual(
            len(self.env["crm.dunning.pause"].search([("kind", "=", "promise")])), 1
        )
        self.assertFalse(self.lumen.dunning_is_running, "a person starts it")
