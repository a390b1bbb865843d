from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningRules(DunningCommon):
    """What holds reminders back, changes them, or makes them one."""

    def _pause(self, kind, until=None, **values):
        return self.env["crm.dunning.pause"].create(
            {
                "kind": kind,
                "date_until": until,
                "reason": "Called",
                "company_id": self.company.id,
                **values,
            }
        )

    def test_several_late_invoices_are_one_message(self):
        old = self.make_invoice(due="2026-04-13", amount=1200)
        new = self.make_invoice(due="2026-05-06", amount=300)
        coming = self.make_invoice(due="2026-05-16", amount=50)
        mails = self.run_day("2026-05-13")
        self.assertEqual(len(mails), 1)
        self.assertEqual(len(mails[0]["attachments"]), 3 + 2)
        self.assertEqual(self.steps(old), [("2026-05-13", "Notice", "to_post")])
        self.assertEqual(self.steps(new), [("2026-05-13", "Firm", "covered")])
        self.assertEqual(self.steps(coming), [("2026-05-13", "Friendly", "covered")])
        message = self.lines(old).message_id
        self.assertEqual(message._get_late_lines().move_id, old + new)
        # Penalties and the fee of the younger one are stated too.
        self.assertEqual(self.lines(new).interest, 0.70)
        self.assertEqual(self.lines(new).fee, 40)
        self.assertFalse(self.lines(coming).fee)
        # The others go on in their own time; Whit Monday is the 25th.
        self.assertFalse(self.run_day("2026-05-25"))
        self.assertEqual(len(self.run_day("2026-05-26")), 1)
        self.assertFalse(self.run_day("2026-06-04"))
        self.assertEqual(len(self.run_day("2026-06-05")), 1)
        self.assertEqual(self.steps(new)[-1][1], "Notice")

    def test_two_clients_get_their_own_message(self):
        other = self.make_client("Fintech Corp")
        self.make_invoice()
        self.make_invoice(other)
        mails = self.run_day("2026-04-20")
        self.assertEqual(len(mails), 2)

    def test_contacts_of_one_company_are_one_client(self):
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.client.id, "email": "b@client.example"}
        )
        self.make_invoice()
        self.make_invoice(buyer)
        mails = self.run_day("2026-04-20")
        self.assertEqual(len(mails), 1)

    def test_the_invoice_address_gets_the_mail(self):
        self.env["res.partner"].create(
            {
                "name": "Accounts",
                "type": "invoice",
                "parent_id": self.client.id,
                "email": "accounts@client.example",
            }
        )
        self.make_invoice()
        (mail,) = self.run_day("2026-04-20")
        self.assertIn("accounts@client.example", mail["email_to"][0])

    def test_a_promise_holds_until_its_day_then_goes_on(self):
        move = self.make_invoice()
        promise = self._pause("promise", "2026-04-24", move_id=move.id)
        self.assertFalse(self.run_day("2026-04-20"))
        self.assertFalse(self.run_day("2026-04-24"))
        self.assertEqual(len(self.run_day("2026-04-27")), 1)
        with freeze_time("2026-04-27"):
            promise.invalidate_recordset()
            self.assertEqual(promise.state, "broken")

    def test_a_promise_kept(self):
        move = self.make_invoice()
        promise = self._pause("promise", "2026-04-24", move_id=move.id)
        self.pay(move, day="2026-04-23")
        self.assertFalse(self.run_day("2026-04-27"))
        self.assertEqual(promise.state, "kept")

    def test_a_pause_of_the_client_holds_all_his_invoices(self):
        self.make_invoice()
        self.make_invoice(amount=10)
        pause = self._pause("pause", "2026-04-22", partner_id=self.client.id)
        self.assertFalse(self.run_day("2026-04-20"))
        pause.action_lift()
        self.assertEqual(len(self.run_day("2026-04-21")), 1)

    def test_an_excluded_invoice_is_never_chased(self):
        move = self.make_invoice()
        self._pause("exclusion", move_id=move.id)
        for day in ("2026-04-20", "2026-05-13", "2026-09-01"):
            self.assertFalse(self.run_day(day))

    def test_a_pause_needs_its_last_day_and_an_object(self):
        move = self.make_invoice()
        with self.refused("last day"):
            self._pause("pause", move_id=move.id)
        with self.refused("which invoice"):
            self._pause("pause", "2026-04-22")

    def test_disputes_pending_payments_and_insolvency_hold_back(self):
        move = self.make_invoice()
        for state, kind in (("disputed", "dispute"), ("processing", "payment")):
            self.env.cr.execute(
                "UPDATE account_move SET payment_link_state = %s WHERE id = %s",
                [state, move.id],
            )
            move.invalidate_recordset()
            self.assertEqual(move._get_dunning_blocks()[move.id][0].kind, kind)
            self.assertFalse(self.run_day("2026-04-20"))
            self.company.dunning_last_run_on = False
        self.env.cr.execute(
            "UPDATE account_move SET payment_link_state = NULL WHERE id = %s", [move.id]
        )
        move.invalidate_recordset()
        self.client.insolvency_date = "2026-04-19"
        self.assertFalse(self.run_day("2026-04-21"))
        self.client.insolvency_date = False
        self.assertEqual(len(self.run_day("2026-04-22")), 1)

    def test_after_an_outage_only_the_step_reached_leaves(self):
        move = self.make_invoice()
        self.assertEqual(len(self.run_day("2026-06-02")), 1)
        self.assertEqual(self.steps(move), [("2026-06-02", "Notice", "to_post")])
        for shift in range(1, 40):
            day = fields.Date.to_date("2026-06-02") + timedelta(days=shift)
            self.assertFalse(self.run_day(fields.Date.to_string(day)))

    def test_the_run_comes_once_a_day_and_not_before_its_hour(self):
        self.make_invoice()
        # 07:59 in Brussels, then 08:00.
        self.assertFalse(self.run_day("2026-04-20", "05:59:00"))
        self.assertEqual(len(self.run_day("2026-04-20", "06:00:00")), 1)
        self.make_invoice(self.make_client("Late Comer"))
        self.assertFalse(self.run_day("2026-04-20", "09:00:00"))

    def test_the_change_of_the_clock_loses_and_doubles_nothing(self):
        self.company.dunning_hour = 2
        clock = {
            # Spring: 02:00 does not exist on 29 March, 03:00 does.
            "2026-03-29 00:59:00": False,
            "2026-03-29 01:00:00": True,
            # Autumn: 02:30 comes twice on 25 October.
            "2026-10-24 23:59:00": False,
            "2026-10-25 00:30:00": True,
            "2026-10-25 01:30:00": False,
        }
        for moment, is_time in clock.items():
            with freeze_time(moment):
                self.assertEqual(self.company._is_dunning_time(), is_time, moment)
                if is_time:
                    self.company.dunning_last_run_on = self.company._get_dunning_today()

    def test_public_holidays_and_closures_are_waited_for(self):
        move = self.make_invoice(due="2026-04-24")
        self.policy.closure_ids = [
            Command.create(
                {"name": "Bridge", "date_from": "2026-05-04", "date_to": "2026-05-05"}
            )
        ]
        # D+7 is the first of May, then a weekend, then two days of closure.
        for day in ("2026-05-01", "2026-05-03", "2026-05-04", "2026-05-05"):
            self.assertFalse(self.run_day(day))
        self.assertEqual(len(self.run_day("2026-05-06")), 1)
        self.assertEqual(self.steps(move), [("2026-05-06", "Firm", "sent")])

    def test_an_unknown_calendar_knows_weekends_and_says_so(self):
        self.company.country_id = self.env["res.country"].create(
            {"name": "Nowhere", "code": "ZZ"}
        )
        self.assertIn("weekends", self.policy.calendar_trouble)
        self.company.country_id = False
        self.policy.invalidate_recordset()
        self.assertIn("no country", self.policy.calendar_trouble)
        self.make_invoice(due="2026-04-24")
        self.assertEqual(len(self.run_day("2026-05-01")), 1)

    def test_a_credit_note_that_settles_half_changes_the_amount(self):
        move = self.make_invoice()
        self._credit(move, 600)
        self.run_day("2026-04-20")
        line = self.lines(move)
        self.assertEqual((line.amount_residual, line.amount_paid), (600, 600))
        self._credit(move, 600)
        self.assertFalse(self.run_day("2026-05-13"))

    def _credit(self, move, amount):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": move.partner_id.id,
                "invoice_date": "2026-04-15",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Back", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        note.action_post()
        lines = (move + note).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        lines.reconcile()

    def test_an_invoice_reset_to_draft_is_not_chased_and_keeps_its_history(self):
        move = self.make_invoice()
        self.run_day("2026-04-10")
        move.button_draft()
        self.assertFalse(self.run_day("2026-04-20"))
        move.invoice_date_due = "2026-04-20"
        move.action_post()
        self.store_pdf(move)
        # The friendly word is not said twice; the firm one follows the new date.
        self.assertFalse(self.run_day("2026-04-21"))
        self.assertFalse(self.run_day("2026-04-24"))
        self.assertEqual(len(self.run_day("2026-04-27")), 1)
        self.assertEqual(
            [step for _day, step, _state in self.steps(move)], ["Friendly", "Firm"]
        )

    def test_merged_clients_keep_their_history_and_are_one_client(self):
        double = self.make_client("Biotech double")
        first, second = self.make_invoice(), self.make_invoice(double, amount=300)
        self.assertEqual(len(self.run_day("2026-04-20")), 2)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.client + double).ids, self.client)
        self.env.invalidate_all()
        self.assertEqual(len(self.lines(first + second, "sent")), 2)
        self.assertFalse(self.run_day("2026-04-21"))
        self.assertEqual(len(self.run_day("2026-05-13")), 1)

    def test_another_currency_is_asked_in_its_own_money(self):
        dollars = self.env.ref("base.USD")
        dollars.active = True
        self.env["res.currency.rate"].search(
            [("currency_id", "=", dollars.id)]
        ).unlink()
        move = self.make_invoice(currency_id=dollars.id)
        self.make_invoice(amount=100)
        (mail,) = self.run_day("2026-04-20")
        message = self.lines(move).message_id
        self.assertIn("$", message.amount_text)
        self.assertIn("+", message.amount_text)
        self.assertIn("100.00", mail["body"])

    def test_several_due_dates_are_chased_each_in_its_time(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 60}
                    ),
                ],
            }
        )
        move = self.make_invoice(invoice_payment_term_id=term.id, due=False)
        self.assertEqual(len(self.run_day("2026-04-20")), 1)
        line = self.lines(move)
        self.assertEqual((line.amount_residual, line.term), (600, 1))
        # The second half has its own friendly word, before its own date.
        self.assertEqual(len(self.run_day("2026-05-11")), 1)
        self.assertEqual(self.lines(move)[-1].term, 2)

    def test_an_agreed_plan_takes_the_place_of_its_invoice(self):
        move = self.make_invoice()
        plan = self.env["crm.instalment.plan"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.client.id,
                "currency_id": move.currency_id.id,
                "move_ids": [Command.set(move.ids)],
                "instalment_ids": [
                    Command.create({"date_due": "2026-04-30", "amount": 600}),
                    Command.create({"date_due": "2026-05-30", "amount": 600}),
                ],
            }
        )
        with freeze_time("2026-04-15"):
            plan._agree("spoken", "Henri Dupont")
        self.assertFalse(self.run_day("2026-04-20"))
        self.assertEqual(len(self.run_day("2026-04-27")), 1)
        line = self.lines(move)
        self.assertEqual(line.instalment_id.date_due, fields.Date.to_date("2026-04-30"))
        self.assertEqual(line.amount_residual, 600)
        self.assertIn("Instalment 1", line._get_document_name())
        self.assertFalse(self.run_day("2026-05-06"))
        self.assertEqual(len(self.run_day("2026-05-07")), 1)
        with freeze_time("2026-05-12"):
            plan._break("Nothing came")
        # The invoice is chased again, at the step it has reached.
        self.assertEqual(len(self.run_day("2026-05-13")), 1)
        self.assertFalse(self.lines(move)[-1].instalment_id)

    def test_a_policy_of_the_client_wins(self):
        gentle = self.make_policy(name="Gentle")
        gentle.step_ids.filtered(lambda s: s.offset_days > 0).unlink()
        self.client.with_company(self.company).dunning_policy_id = gentle
        move = self.make_invoice()
        self.assertEqual(len(self.run_day("2026-04-10")), 1)
        self.assertFalse(self.run_day("2026-05-13"))
        self.assertEqual(len(self.lines(move)), 1)

    def test_nothing_leaves_while_reminders_are_off(self):
        self.policy.action_stop()
        self.make_invoice()
        self.assertFalse(self.run_day("2026-04-20"))
        self.policy.with_company(self.company).action_start()
        self.assertEqual(len(self.run_day("2026-04-20")), 1)

    def test_a_debt_that_lapsed_is_not_threatened(self):
        self.company.late_limit_years_business = 5
        move = self.make_invoice(due="2021-04-13", invoice_date="2021-03-14")
        self.assertFalse(self.run_day("2026-05-13"))
        self.assertIn("time-barred", move.dunning_situation)


@tagged("post_install", "-at_install")
class TestDunningByHand(DunningCommon):
    def test_the_next_step_is_sent_once(self):
        move = self.make_invoice().with_user(self.catherine)
        with freeze_time("2026-04-15 09:00:00"):
            move.action_dunning_send_now()
            self.assertEqual(len(self.send_queue()), 1)
        self.assertEqual(self.steps(move.sudo())[0][1], "Firm")
        with (
            freeze_time("2026-04-16 09:00:00"),
            self.assertRaisesRegex(UserError, "5 days"),
        ):
            move.action_dunning_send_now()
        self.assertFalse(self.run_day("2026-04-20"))

    def test_what_is_held_back_or_paid_is_refused(self):
        move = self.make_invoice()
        pause = self.env["crm.dunning.pause"].create(
            {"kind": "exclusion", "reason": "Friend", "move_id": move.id}
        )
        with (
            freeze_time("2026-04-20 09:00:00"),
            self.assertRaisesRegex(UserError, "Friend"),
        ):
            move.action_dunning_send_now()
        pause.action_lift()
        self.pay(move, day="2026-04-20")
        with self.assertRaisesRegex(UserError, "nothing is left"):
            move.action_dunning_send_now()

    def test_nothing_is_demanded_before_it_is_late(self):
        move = self.make_invoice()
        with freeze_time("2026-04-01 09:00:00"):
            move.action_dunning_send_now()
        with (
            freeze_time("2026-04-09 09:00:00"),
            self.assertRaisesRegex(UserError, "no step"),
        ):
            move.action_dunning_send_now()

    def test_dialogs_know_their_invoice(self):
        move = self.make_invoice().with_user(self.catherine)
        for action in (
            move.action_dunning_pause(),
            move.action_dunning_promise(),
            move.action_dunning_exclude(),
        ):
            self.assertEqual(action["context"]["default_move_id"], move.id)
        action = self.client.with_user(self.catherine).action_pause_dunning()
        self.assertEqual(action["context"]["default_partner_id"], self.client.id)
