from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import freeze_time, tagged

from ..lib.compliance import DEFAULT_LEVELS
from .mention_common import TODAY, FrenchMentionCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionCompliance(FrenchMentionCase):
    """What is missing is told before posting, and where to type it."""

    def test_complete_invoice_is_posted_without_a_word(self):
        invoice = self.make_invoice()
        self.assertFalse(invoice.fr_checklist)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_one_document_opens_the_place_to_fill_in(self):
        self.company.write({"fr_share_capital": 0, "fr_registry_town": False})
        invoice = self.make_invoice()
        self.assertEqual(
            self.codes_of(invoice),
            {"missing_capital": "block", "missing_registry": "block"},
        )
        with self.assertRaises(RedirectWarning) as caught:
            invoice.action_post()
        message, action, _button = caught.exception.args[:3]
        self.assertIn("share capital", message)
        self.assertIn("register", message)
        self.assertEqual(action["res_model"], "crm.fr.setup")
        self.assertEqual(invoice.state, "draft")

    def test_many_documents_are_reported_one_by_one(self):
        nobody = self.env["res.partner"].create({"name": "Sans adresse"})
        good = self.make_invoice()
        bad = self.make_invoice(partner_id=nobody.id)
        worse = self.make_invoice(
            [(self.service, 77, self.env["account.tax"])],
            partner_id=self.consumer.id,
        )
        with self.assertRaises(RedirectWarning) as caught:
            (good + bad + worse).action_post()
        message, action = caught.exception.args[:2]
        self.assertIn("Sans adresse", message)
        self.assertIn("Paul Renard", message)
        self.assertNotIn("Océane", message)
        self.assertEqual(action["domain"], [("id", "in", (bad + worse).ids)])
        # The list of drafts and the nightly posting go through _post.
        with self.assertRaisesRegex(UserError, "Sans adresse"):
            (good + bad)._post(soft=False)

    def test_looking_at_many_documents_reads_the_law_once(self):
        def count(size):
            moves = self.env["account.move"].concat(
                *[self.make_invoice() for _rank in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(moves._get_fr_blocking())
            return self.env.cr.sql_log_count - before

        # What a platform would refuse is looked at on its own budget.
        move_class = type(self.env["account.move"])
        self.patch(move_class, "_get_fr_extra_findings", lambda move: [])
        count(1)
        few, many = count(5), count(25)
        self.assertLessEqual(many - few, 20 * 2)

    def test_long_report_stays_readable(self):
        self.company.fr_legal_form = False
        invoices = self.env["account.move"].concat(
            *[self.make_invoice() for _rank in range(32)]
        )
        with self.assertRaises(RedirectWarning) as caught:
            invoices.action_post()
        self.assertIn("2 more documents", caught.exception.args[0])

    def test_warning_does_not_stop(self):
        self.client.write({"company_registry": False, "vat": False})
        invoice = self.make_invoice()
        self.assertEqual(self.codes_of(invoice), {"missing_buyer_siren": "warn"})
        action = invoice.action_fr_fix("missing_buyer_siren:company_registry")
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.client.id)
        )
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.action_fr_fix("missing_capital:fr_share_capital"))

    def test_company_chooses_what_stops(self):
        rule = self.env.ref(
            "l10n_fr_crm_billing.crm_compliance_rule_missing_buyer_siren"
        )
        other = self.env["res.company"].create({"name": "Voisin"})
        self.client.write({"company_registry": False, "vat": False})
        invoice = self.make_invoice()
        boss = self.make_user("boss", "base.group_user,account.group_account_manager")
        rule.with_user(boss).with_company(self.company).level = "block"
        with self.assertRaises(RedirectWarning):
            invoice.action_post()
        self.assertEqual(rule.with_company(other).level, "warn")
        rule.level = "off"
        self.assertFalse(self.codes_of(invoice))
        rule.action_reset()
        self.assertEqual(rule.level, "warn")
        with self.assertRaises(AccessError):
            rule.with_user(boss).message = "Rien"
        seller = self.make_user("seller", "crm_base.crm_base_group_seller")
        self.assertTrue(rule.with_user(seller).message)
        with self.assertRaises(AccessError):
            rule.with_user(seller).level = "off"

    def test_every_check_has_its_sentence(self):
        rules = self.env["crm.compliance.rule"].search([])
        self.assertEqual(set(rules.mapped("code")), set(DEFAULT_LEVELS))
        self.assertEqual({rule.code: rule.level for rule in rules}, DEFAULT_LEVELS)

    def test_intra_eu_sale_needs_the_number_of_the_buyer(self):
        german = self.client.copy(
            {
                "country_id": self.env.ref("base.de").id,
                "vat": False,
                "company_registry": False,
            }
        )
        tax = self._find_tax("tva_sale_good_intra_0")
        invoice = self.make_invoice([(self.goods, 10, tax)], partner_id=german.id)
        self.assertEqual(self.codes_of(invoice), {"missing_buyer_vat": "block"})
        self.consumer.country_id = self.env.ref("base.de")
        invoice.partner_id = self.consumer
        invoice.invoice_line_ids.tax_ids = tax
        self.assertEqual(self.codes_of(invoice).get("reverse_charge_consumer"), "block")

    def test_small_invoice_needs_no_vat_number(self):
        self.company.vat = False
        self.assertFalse(self.codes_of(self.make_invoice([(self.service, 150)])))
        codes = self.codes_of(self.make_invoice([(self.service, 150.01)]))
        self.assertEqual(codes, {"missing_seller_vat": "block"})

    def test_credit_note_out_of_nowhere_is_stopped(self):
        note = self.make_invoice(move_type="out_refund")
        self.assertEqual(
            self.codes_of(note),
            {"missing_original_invoice": "block", "missing_credit_reason": "warn"},
        )

    def test_lines_say_what_and_why(self):
        invoice = self.make_invoice([(self.service, 10, self.env["account.tax"])])
        self.assertEqual(self.codes_of(invoice), {"line_without_tax": "block"})
        invoice.invoice_line_ids.tax_ids = self._find_tax("tva_sale_service_0")
        self.assertEqual(self.codes_of(invoice), {"missing_exempt": "block"})
        invoice = self.make_invoice()
        invoice.invoice_line_ids.name = False
        self.assertEqual(self.codes_of(invoice), {"line_without_name": "block"})

    def test_wrong_number_of_an_old_client_is_told(self):
        # Written before the format was checked, or by an import.
        self.env.cr.execute(
            "UPDATE res_partner SET company_registry = %s, vat = NULL WHERE id = %s",
            ("552081318", self.client.id),
        )
        self.client.invalidate_recordset()
        invoice = self.make_invoice()
        row = invoice._get_fr_checklist()[0]
        self.assertEqual((row["code"], row["level"]), ("buyer_siren_wrong", "block"))
        self.assertIn("Océane Cosmétiques", row["message"])

    def test_mention_without_words_stops_and_leads_to_them(self):
        self.env["crm.legal.mention"].search([("code", "=", "late_penalty")]).write(
            {"date_to": date(2026, 11, 19)}
        )
        invoice = self.make_invoice()
        self.assertEqual(self.codes_of(invoice), {"wording_missing": "block"})
        action = invoice.action_fr_fix("wording_missing:late_penalty")
        self.assertEqual(action["res_model"], "crm.legal.mention")
        with self.assertRaises(RedirectWarning):
            invoice.action_post()

    def test_draft_that_waited_is_not_due_before_its_date(self):
        waited = self.make_invoice(
            invoice_date=False, invoice_date_due=date(2026, 11, 1)
        )
        self.assertFalse(self.codes_of(waited))
        waited.action_post()
        self.assertEqual(waited.invoice_date_due, date(2026, 11, 20))
        text = waited._get_fr_mention_texts()["due_date"]
        self.assertEqual(text, "20/11/2026")

    def test_money_that_came_in_is_never_refused(self):
        self.company.fr_legal_form = False
        invoice = self.make_invoice()
        provider = self.env["payment.provider"].search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": invoice.amount_total,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.client.id,
                "reference": "paid-online",
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        invoice.sudo().action_post()
        self.assertEqual(invoice.state, "draft")
        self.assertIn("legal form", invoice.activity_ids.note)

    def test_interest_on_late_payment_needs_no_tax(self):
        invoice = self.make_invoice([(self.service, 11, self.env["account.tax"])])
        self.assertIn("line_without_tax", self.codes_of(invoice))
        invoice = self.make_invoice(
            [(self.service, 11, self.env["account.tax"])], is_late_charge=True
        )
        self.assertNotIn("line_without_tax", self.codes_of(invoice))
        self.assertIn("hors du champ", invoice._get_fr_mention_texts()["out_of_scope"])

    def test_rounding_per_line_is_warned_about(self):
        self.assertEqual(self.company.tax_calculation_rounding_method, "round_globally")
        self.company.tax_calculation_rounding_method = "round_per_line"
        codes = self.codes_of(self.make_invoice())
        self.assertEqual(codes, {"rounding_per_line": "warn"})

    def test_another_addon_adds_its_findings(self):
        from ..lib.compliance import Finding

        extra = [Finding("other_check", level="block", message="Trop tard.")]
        invoice = self.make_invoice()
        self.patch(type(invoice), "_get_fr_extra_findings", lambda move: extra)
        (row,) = invoice._get_fr_checklist()
        self.assertEqual((row["level"], row["message"]), ("block", "Trop tard."))
        self.assertFalse(row["fixable"])
