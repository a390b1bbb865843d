from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_sign.exceptions import SignRefused

from .common import QuoteSignCase


@tagged("post_install", "-at_install")
class TestQuoteSignature(QuoteSignCase):
    """What is signed is the version that was read; the rest follows by itself."""

    def sign_all(self, request):
        for signer in request.signer_ids:
            self.sign(signer)

    def test_the_version_goes_out_with_a_place_per_signer(self):
        request = self.send_for_signature(self.boss, self.buyer)
        version = self.order._get_last_quote_version()
        self.assertEqual((version.label, version.reason), ("V1", "signature"))
        self.assertEqual(request.quote_version_id, version)
        self.assertEqual(request.source_version, f"V1:{version.fingerprint}")
        self.assertEqual((request.state, self.order.state), ("sent", "sent"))
        owners = request.field_ids.filtered(lambda f: f.type == "signature").signer_id
        self.assertEqual(owners, request.signer_ids)
        states = request.signer_ids.sorted("order").mapped("state")
        self.assertEqual(states, ["notified", "waiting"])
        (event,) = self.events(self.order, "sent")
        self.assertEqual((event.version_id, event.who), (version, "Julie"))

    def test_signed_by_both_everything_follows(self):
        request = self.send_for_signature(self.boss, self.buyer)
        self.sign(request.signer_ids[0])
        self.assertEqual(self.order.state, "sent")
        self.sign(request.signer_ids[1])
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.signed_by, "Anne Patron, Bruno Achat")
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.expected_revenue, 21200)
        (invoice,) = self.order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total), ("draft", 7632))
        accepted = self.events(self.order, "accepted")
        self.assertEqual(accepted.version_id, request.quote_version_id)
        self.assertEqual(self.order.quote_number, 1)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "sale.order"),
                ("res_id", "=", self.order.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.seller.partner_id.ids),
            ]
        )
        subjects = [subject for subject in told.mapped("subject") if subject]
        # In the language of the seller; being assigned is told too, without a client.
        (subject,) = [subject for subject in subjects if "TechCorp" in subject]
        self.assertIn(self.order.name, subject)
        (notice,) = told.filtered(lambda message: message.subject == subject)
        self.assertIn("Anne Patron, Bruno Achat signed V1", notice.body)
        self.assertIn("The deal is won", notice.body)

    def test_without_a_deposit_the_whole_invoice(self):
        self.company.quote_deposit_pct = 0
        self.sign_all(self.send_for_signature())
        self.assertEqual(self.order.invoice_ids.amount_total, 25440)

    # What is drafted then: the setting in both positions

    def test_by_default_a_signature_drafts_the_deposit(self):
        self.assertTrue(self.company.quote_signed_is_invoiced)
        self.assertFalse(self.company.quote_chain_is_on)
        self.sign_all(self.send_for_signature())
        self.assertEqual(self.order.invoice_ids.amount_total, 7632)

    def test_without_the_setting_the_order_is_confirmed_and_nothing_drafted(self):
        self.company.quote_signed_is_invoiced = False
        for percent in (30, 0):
            with self.subTest(percent):
                self.company.quote_deposit_pct = percent
                order = self.make_order()
                self.sign_all(self.send_for_signature(order=order))
                self.assertEqual(order.state, "sale")
                self.assertFalse(order.invoice_ids)
        self.assertEqual(self.lead.won_status, "won")

    def test_the_chain_drafts_the_deposit_whatever_the_setting(self):
        self.company.write(
            {"quote_chain_is_on": True, "quote_signed_is_invoiced": False}
        )
        self.sign_all(self.send_for_signature())
        self.assertEqual(self.order.invoice_ids.amount_total, 7632)

    def test_the_signed_file_joins_the_quotation(self):
        request = self.send_for_signature()
        self.sign_all(request)
        visitor = self.env.ref("base.public_user")
        request.with_user(visitor).sudo()._job_seal()
        self.assertEqual(request.seal_state, "done", request.seal_error)
        final = request.document_ids.final_attachment_id
        copies = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )
        self.assertIn(final.raw, copies.mapped("raw"))
        message = self.order.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(message.attachment_ids.raw, final.raw)

    # Bound to the version

    def test_any_edit_makes_the_link_refuse(self):
        line = self.order.order_line[0]
        edits = {
            "price": lambda: line.write({"price_unit": 1}),
            "text": lambda: line.write({"name": "Autre"}),
            "terms": lambda: self.order.write({"note": "<p>Autre</p>"}),
            "line": lambda: self.order.write(
                {"order_line": [self.line("Jour", 1, 500)]}
            ),
            "client": lambda: self.order.write({"partner_id": self.boss.id}),
            "tax": lambda: line.write({"tax_ids": [Command.clear()]}),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                request = self.send_for_signature()
                signer = request.signer_ids
                http = self.identify(signer)
                edit()
                request.invalidate_recordset()
                self.assertTrue(request.is_outdated)
                self.assertIn("new version", request.outdated_reason)
                self.assertEqual(signer._page_state(http.session).kind, "outdated")
                with self.assertRaises(SignRefused) as refused:
                    self.sign(signer, http=http)
                self.assertEqual(refused.exception.code, "outdated")
                self.assertEqual(self.order.state, "sent")

    def test_what_is_no_edit_keeps_the_link(self):
        request = self.send_for_signature()
        self.order.message_post(body="Une note")
        self.order.user_id = self.manager
        self.client.name = "TechCorp SAS"
        request.invalidate_recordset()
        self.assertFalse(request.is_outdated)

    def test_an_edit_undone_makes_it_good_again(self):
        request = self.send_for_signature()
        self.order.order_line[0].price_unit = 1
        self.order.order_line[0].price_unit = 800
        request.invalidate_recordset()
        self.assertFalse(request.is_outdated)
        self.sign_all(request)
        self.assertEqual(self.order.state, "sale")

    def test_the_next_version_replaces_the_request(self):
        first = self.send_for_signature()
        self.edit(self.order)
        second = self.send_for_signature(user=self.manager)
        self.assertEqual((first.state, second.state), ("cancelled", "sent"))
        self.assertIn("V2", first.ended_reason)
        self.sign_all(second)
        self.assertEqual(self.lead.expected_revenue, 25000)
        labels = self.order.sudo().quote_version_ids.mapped("label")
        self.assertEqual(sorted(labels), ["V1", "V2"])

    def test_a_draft_of_a_former_state_is_not_sent(self):
        request = self.send_for_signature(send=False)
        self.assertEqual((request.state, self.order.state), ("draft", "draft"))
        self.edit(self.order)
        with self.assertRaisesRegex(UserError, "new version"):
            request.with_user(self.seller).sudo(False).action_send()

    def test_a_cancelled_quotation_withdraws_its_request(self):
        request = self.send_for_signature()
        self.order._action_cancel()
        self.assertEqual(request.state, "cancelled")

    def test_signed_elsewhere_after_an_edit_is_a_task(self):
        """A service may tell of a signature after our withdrawal has crossed it."""
        request = self.send_for_signature()
        self.edit(self.order)
        self.order._sign_on_event(request, "signed")
        self.assertEqual(self.order.state, "sent")
        self.assertIn("edited since", self.order.activity_ids.note)

    def test_what_prevents_the_confirmation_does_not_undo_the_signature(self):
        request = self.send_for_signature()
        orders = self.env.registry["sale.order"]
        cause = "the warehouse is closed"

        def refuse(_self):
            raise UserError(cause)

        with patch.object(orders, "action_confirm", refuse):
            self.sign_all(request)
        self.assertEqual((request.state, self.order.state), ("signed", "sent"))
        self.assertIn(cause, self.order.activity_ids.note)
        notice = self.order.message_ids.search(
            [("res_id", "=", self.order.id), ("body", "like", "signed V1")]
        )
        self.assertIn(cause, notice.body)
        self.assertNotIn("won", notice.body)

    def test_signed_twice_changes_nothing_twice(self):
        request = self.send_for_signature()
        self.sign_all(request)
        self.order._sign_on_event(request, "signed")
        self.assertEqual(len(self.order.invoice_ids), 1)
        self.assertEqual(len(self.events(self.order, "accepted")), 1)

    # What is refused before

    def test_a_lapsed_quotation_is_not_sent(self):
        today = fields.Date.context_today(self.order)
        self.order.validity_date = fields.Date.subtract(today, days=1)
        with self.assertRaisesRegex(UserError, "expired"):
            self.send_for_signature()

    def test_the_link_ends_with_the_offer(self):
        today = fields.Date.context_today(self.order)
        self.order.validity_date = fields.Date.add(today, days=5)
        request = self.send_for_signature()
        self.assertEqual(request.date_expiry, self.order.validity_date)

    def test_a_confirmed_order_is_not_sent(self):
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "Only a quotation"):
            self.order.action_open_sign_wizard()

    def test_a_signer_without_mail_is_said(self):
        self.boss.email = False
        with self.assertRaisesRegex(UserError, "Anne Patron"):
            self.send_for_signature()

    # The window

    def test_the_window_offers_the_contact_and_sends(self):
        self.boss.parent_id = self.client
        self.client.is_company = True
        wizard = (
            self.env["crm.quote.sign"]
            .with_user(self.seller)
            .create({"order_id": self.order.id})
        )
        self.assertEqual(wizard.line_ids.partner_id, self.boss)
        wizard.write(
            {"line_ids": [Command.create({"partner_id": self.buyer.id, "order": 2})]}
        )
        action = wizard.action_send()
        request = self.env["crm.sign.request"].browse(action["res_id"])
        self.assertEqual(
            request.signer_ids.mapped("name"), ["Anne Patron", "Bruno Achat"]
        )
        self.assertEqual(request.state, "sent")

    def test_the_window_without_signer(self):
        wizard = self.env["crm.quote.sign"].create({"order_id": self.order.id})
        wizard.line_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "at least one signer"):
            wizard.action_prepare()

    # Accepted on the page of the client

    def test_the_chain_needs_nobody(self):
        self.company.quote_chain_is_on = True
        self.order.require_signature = True
        self.order.action_quotation_sent()
        self.assertFalse(self.order._has_to_be_signed())
        self.assertTrue(self.order._can_be_accepted())
        public = self.env.ref("base.public_user")
        order = self.order.with_user(public).sudo()
        request = order._accept_by_signature(self.buyer).sudo()
        again = order._accept_by_signature(self.buyer)
        self.assertEqual(again, request)
        self.assertEqual(request.user_id, self.seller)
        self.sign_all(request)
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.invoice_ids.state, "draft")

    def test_without_the_chain_core_s_own_way_remains(self):
        self.order.require_signature = True
        self.assertTrue(self.order._has_to_be_signed())
        self.assertFalse(self.order._can_be_accepted())
