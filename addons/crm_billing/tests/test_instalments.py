from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .invoice_common import InvoiceCase


@tagged("post_install", "-at_install")
class TestInstalments(InvoiceCase):
    """A client pays in three times, as agreed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.invoice)
        cls.other = cls.make_invoice(cls.partner, 100)

    def make_plan(self, moves=None, **values):
        moves = moves or self.invoice
        action = moves.with_user(self.biller).action_new_instalment_plan()
        window = Form(
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            window[name] = value
        result = window.save().action_create_plan()
        return self.env["crm.instalment.plan"].browse(result["res_id"])

    def agreed_plan(self, moves=None, **values):
        plan = self.make_plan(moves, **values)
        plan._agree("spoken", "Marie Leblanc")
        return plan

    def test_equal_parts_to_the_cent_and_dates(self):
        plan = self.make_plan(self.invoice + self.other, count=3)
        amounts = plan.instalment_ids.mapped("amount")
        self.assertEqual(amounts, [5033.33, 5033.33, 5033.34])
        self.assertEqual(plan.amount_total, 15100)
        first = self.today + timedelta(days=7)
        self.assertEqual(
            plan.instalment_ids.mapped("date_due"),
            [first + relativedelta(months=n) for n in range(3)],
        )
        self.assertFalse(self.invoice.instalment_plan_id, "only proposed")

    def test_agreement_keeps_who_when_and_how(self):
        plan = self.make_plan()
        wizard = self.env["crm.instalment.agree.wizard"].with_user(self.biller)
        wizard.create(
            {
                "plan_id": plan.id,
                "agreed_by": "Marie Leblanc",
                "agreed_how": "mail",
                "agreed_note": "mail of the 2nd",
            }
        ).action_agree()
        self.assertEqual(plan.state, "agreed")
        self.assertTrue(plan.agreed_on)
        self.assertEqual(
            (plan.agreed_by, plan.agreed_how, plan.agreed_note),
            ("Marie Leblanc", "mail", "mail of the 2nd"),
        )
        self.assertEqual(self.invoice.instalment_plan_id, plan)
        self.assertFalse(plan._agree("spoken", "Again"))

    def test_rows_must_add_up_before_anybody_agrees(self):
        plan = self.make_plan()
        plan.instalment_ids[0].amount += 0.01
        with self.assertRaisesRegex(UserError, "add up"):
            plan._agree("spoken", "Marie")
        with self.assertRaisesRegex(UserError, "add up"):
            plan.with_user(self.biller).action_propose()

    def test_each_instalment_has_its_link_and_the_oldest_is_paid_first(self):
        plan = self.agreed_plan(self.invoice + self.other, count=3)
        first, second, third = plan.instalment_ids
        link = self.paid(first)
        self.assertEqual(link.amount, 5033.33)
        self.assertEqual(first.state, "paid")
        self.assertEqual([i.state for i in (second, third)], ["to_come", "to_come"])
        self.assertEqual(plan.amount_paid, 5033.33)
        residual = self.invoice.amount_residual + self.other.amount_residual
        self.assertAlmostEqual(residual, 10066.67)
        # By transfer, more than one instalment at once.
        self.transfer(self.invoice, 6000)
        self.assertEqual(second.state, "paid")
        self.assertAlmostEqual(third.amount_paid, 966.67)
        self.paid(third)
        self.assertEqual(plan.state, "done")
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self.other.payment_state, "paid")
        self.assertFalse(self.invoice.instalment_plan_id)

    def test_link_of_an_instalment_paid_otherwise_is_closed(self):
        plan = self.agreed_plan(count=3)
        link = self.ask(plan.instalment_ids[0])
        self.transfer(self.invoice, 2000)
        self.assertEqual(link.state, "canceled")
        self.assertEqual(plan.instalment_ids[0].payment_link_id.amount, 3000)
        self.transfer(self.invoice, 13000)
        self.assertEqual(plan.instalment_ids[0].payment_link_state, "canceled")
        self.assertEqual(plan.state, "done")

    def test_states_follow_the_calendar(self):
        plan = self.agreed_plan(count=2, date_first=self.today)
        first, second = plan.instalment_ids
        self.assertEqual((first.state, second.state), ("due", "to_come"))
        with freeze_time(self.today + timedelta(days=1)):
            plan.instalment_ids.invalidate_recordset(["state"])
            self.assertEqual(first.state, "late")
            instalments = self.env["crm.instalment"]
            mine = [("plan_id", "=", plan.id)]
            self.assertEqual(instalments.search([("state", "=", "late"), *mine]), first)
            self.assertEqual(
                instalments.search([("state", "in", ("to_come", "due")), *mine]), second
            )

    def test_invoice_in_a_plan_has_no_link_of_its_own(self):
        link = self.ask(self.invoice)
        plan = self.agreed_plan()
        self.assertEqual(link.state, "canceled")
        with self.assertRaisesRegex(UserError, "instalments"):
            self.invoice.action_create_payment_link()
        with self.assertRaises(UserError):
            self.make_plan()
        self.assertEqual(self.invoice._get_page_status(), "instalments")
        plan.with_user(self.biller).action_break()
        self.assertEqual(plan.state, "broken")
        self.assertFalse(self.invoice.instalment_plan_id)
        self.assertEqual(self.ask(self.invoice).state, "waiting")

    def test_plan_ends_when_its_invoice_is_reset(self):
        plan = self.agreed_plan()
        link = self.ask(plan.instalment_ids[0])
        self.invoice.button_draft()
        self.assertEqual(plan.state, "broken")
        self.assertIn("no longer confirmed", plan.broken_reason)
        self.assertEqual(link.state, "canceled")

    def test_money_taken_back_opens_the_last_instalment_again(self):
        plan = self.agreed_plan(count=2)
        payment = self.transfer(self.invoice, 15000)
        self.assertEqual(plan.state, "done")
        lines = payment.move_id.line_ids
        lines.remove_move_reconcile()
        self.assertEqual(plan.state, "agreed")
        self.assertEqual(plan.amount_paid, 0)

    def test_one_customer_company_and_currency(self):
        stranger = self.env["res.partner"].create({"name": "Autre"})
        foreign = self.make_invoice(stranger, 10)
        with self.assertRaises(ValidationError):
            self.make_plan(self.invoice + foreign)

    def test_agreed_plan_is_a_proof_that_nobody_deletes(self):
        plan = self.agreed_plan()
        with self.assertRaises(UserError):
            plan.unlink()
        with self.assertRaises(UserError):
            plan.instalment_ids[0].amount = 1

    def test_client_shows_its_plans(self):
        plan = self.agreed_plan()
        partner = self.partner.with_user(self.biller)
        self.assertEqual(partner.instalment_plan_count, 1)
        action = partner.action_view_instalment_plans()
        self.assertEqual(plan.search(action["domain"]), plan)

    def test_rights(self):
        plan = self.agreed_plan()
        stranger = new_test_user(
            self.env,
            "i_stranger",
            groups="account.group_account_invoice",
            company_id=self.env.ref("base.main_company").id,
            company_ids=[(6, 0, self.env.ref("base.main_company").ids)],
        )
        portal = new_test_user(self.env, "i_portal", groups="base.group_portal")
        there = plan.with_user(stranger).with_context(
            allowed_company_ids=stranger.company_ids.ids
        )
        self.assertFalse(there.search([("id", "=", plan.id)]))
        with self.assertRaises(AccessError):
            plan.with_user(portal).read(["state"])
        self.assertFalse(plan.with_user(self.seller).search([("id", "=", plan.id)]))
        self.invoice.invoice_user_id = self.seller
        seen = plan.with_user(self.seller)
        self.assertEqual(seen.state, "agreed")
        with self.assertRaises(AccessError):
            seen.action_break()
        with self.assertRaises(AccessError):
            seen.write({"name": "x"})
