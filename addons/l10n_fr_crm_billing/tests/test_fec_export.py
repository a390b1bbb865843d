from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_fr_crm_billing.wizards import l10n_fr_fec_export_wizard

from .fec_common import SIREN, FecCommon


@tagged("post_install", "-at_install")
class TestFecExport(FecCommon):
    def test_an_ordinary_year_breaks_no_rule(self):
        self.entry("2025-06-30", ("512", 5000.0), ("101", -5000.0))
        self.invoice("2026-02-03")
        self.entry("2026-03-01", ("606", 120.0), ("512", -120.0), ref="R-1")
        name, content = self.export()
        self.assertEqual(name, f"{SIREN}FEC20261231.txt")
        self.assertNotIn(b"\r", content)
        report = self.report()
        self.assert_clean(report)
        self.assertEqual(report.debit, report.credit)
        self.assertEqual(report.debit, "6120.00")

    def test_amounts_have_no_space_and_no_useless_zeros(self):
        self.invoice("2026-02-03", 208.0)
        amounts = {row["Debit"] for row in self.rows()}
        self.assertEqual(amounts, {"208,00", "0,00"})

    def test_text_cannot_break_the_file(self):
        nasty = 'dit "l|a\tb\nc\\d\u2028é\u200b ž 漢'
        self.client.write({"name": nasty, "ref": "C|1\t\n"})
        self.account("411").name = nasty
        self.sale.name = nasty
        self.invoice(
            "2026-02-03",
            invoice_line_ids=[
                Command.create({"name": nasty, "price_unit": 10, "tax_ids": False})
            ],
        )
        self.entry(
            "2025-02-03", ("411", 5.0, {"partner_id": self.client.id}), ("707", -5.0)
        )
        clean = "dit 'l/a b c/d é ž 漢"
        rows = self.rows()
        self.assertIn(clean, {row["EcritureLib"] for row in rows})
        self.assertEqual(
            {row["CompAuxLib"] for row in rows if row["CompAuxNum"]}, {clean}
        )
        self.assertEqual({row["CompAuxNum"] for row in rows} - {""}, {"C/1"})
        self.assert_clean(self.report())

    def test_latin_file_writes_foreign_letters_as_it_can(self):
        self.client.name = "Łódź ’24 €"
        self.invoice("2026-02-03")
        _name, content = self.export(fec_encoding="iso8859-15")
        self.assertIn("?ódz '24 €".encode("iso8859-15"), content)
        self.assert_clean(self.report(fec_encoding="iso8859-15"))

    def test_every_line_names_its_document(self):
        own = self.invoice("2026-02-03", ref="Votre commande 12")
        bare = self.entry("2026-03-01", ("606", 1.0), ("512", -1.0))
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.client.id,
                "invoice_date": "2026-03-04",
                "date": "2026-03-31",
                "ref": "FOURN-77",
                "invoice_line_ids": [
                    Command.create({"name": "/", "price_unit": 3, "tax_ids": False})
                ],
            }
        )
        bill.action_post()
        by_number = {row["EcritureNum"]: row for row in self.rows()}
        self.assertEqual(by_number[own.name]["PieceRef"], own.name)
        self.assertEqual(by_number[bare.name]["PieceRef"], bare.name)
        row = by_number[bill.name]
        self.assertEqual(row["PieceRef"], "FOURN-77")
        self.assertEqual(
            (row["PieceDate"], row["EcritureDate"]), ("20260304", "20260331")
        )
        self.assertFalse([r for r in self.rows() if r["EcritureLib"] in ("/", "")])
        self.assert_clean(self.report())

    def test_a_foreign_amount_goes_with_its_code_only(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.entry(
            "2026-02-01",
            ("411", 90.0, {"currency_id": usd.id, "amount_currency": 100.0,
                           "partner_id": self.client.id}),
            ("707", -90.0, {"currency_id": usd.id, "amount_currency": -100.0}),
        )  # fmt: skip
        # An exchange difference: an amount in euros, none in dollars.
        self.entry(
            "2026-02-02",
            ("411", 2.0, {"currency_id": usd.id, "amount_currency": 0.0,
                          "partner_id": self.client.id}),
            ("766", -2.0),
        )  # fmt: skip
        found = {
            (row["Debit"], row["Montantdevise"], row["Idevise"]) for row in self.rows()
        }
        self.assertEqual(
            found,
            {("90,00", "100,00", "USD"), ("0,00", "-100,00", "USD"),
             ("2,00", "", ""), ("0,00", "", "")},
        )  # fmt: skip
        self.assert_clean(self.report())

    def test_matching_has_its_day_and_partial_ones_are_left_out(self):
        invoice = self.invoice("2026-02-03", 100.0)
        other = self.invoice("2026-02-04", 100.0)
        for move, amount in ((invoice, 100.0), (other, 40.0)):
            payment = self.entry(
                "2026-02-20",
                ("512", amount),
                ("411", -amount, {"partner_id": self.client.id}),
                journal=self.bank,
            )
            lines = (move + payment).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            lines.reconcile()
        rows = [row for row in self.rows() if row["EcritureLet"]]
        self.assertEqual(len(rows), 2)
        self.assertEqual({row["DateLet"] for row in rows}, {"20270310"})
        self.assert_clean(self.report())

    def test_drafts_zero_lines_and_notes_stay_out(self):
        self.entry("2026-02-01", ("512", 5.0), ("707", -5.0), post=False)
        self.invoice(
            "2026-02-03",
            invoice_line_ids=[
                Command.create({"name": "A", "price_unit": 10, "tax_ids": False}),
                Command.create({"name": "Gratuit", "price_unit": 0, "tax_ids": False}),
                Command.create({"display_type": "line_note", "name": "Note"}),
            ],
        )
        self.assertEqual(len(self.rows()), 2)
        self.assert_clean(self.report())
        report = self.report(export_type="nonofficial")
        self.assertIn("value_missing", report.counts)

    def test_opening_balances_are_first_exact_and_balanced(self):
        """Odoo's own account of results is not one of the general chart."""
        partner = {"partner_id": self.client.id}
        for amount in (0.1, 0.2):
            self.entry("2025-03-01", ("512", amount), ("707", -amount))
        self.entry("2025-03-02", ("411", 70.0, partner), ("707", -70.0))
        # Settled before the year: nothing is left to open.
        other = {"partner_id": self.partner_b.id}
        self.entry("2025-04-01", ("411", 30.0, other), ("707", -30.0))
        self.entry("2025-05-01", ("512", 30.0), ("411", -30.0, other))
        self.entry("2025-06-01", ("164", -9.0), ("512", 9.0))
        self.entry("2025-07-01", ("164", 9.0), ("512", -9.0))
        self.invoice("2026-02-03")
        opening = [row for row in self.rows() if row["JournalCode"] == "OUV"]
        self.assertEqual(opening, self.rows()[: len(opening)])
        found = {row["CompteNum"][:3]: (row["Debit"], row["Credit"]) for row in opening}
        self.assertEqual(
            found,
            {"512": ("30,30", "0,00"), "411": ("70,00", "0,00"),
             "120": ("0,00", "100,30")},
        )  # fmt: skip
        self.assertEqual({row["EcritureNum"] for row in opening}, {"OUV2026"})
        self.assertFalse([row for row in opening if row["PieceRef"] == "-"])
        self.assert_clean(self.report())

    def test_a_loss_is_carried_forward_on_129(self):
        self.entry("2025-03-01", ("606", 50.0), ("512", -50.0))
        accounts = {row["CompteNum"][:3]: row["Debit"] for row in self.rows()}
        self.assertEqual(accounts, {"512": "0,00", "129": "50,00"})

    def test_validation_is_the_day_of_the_lock(self):
        self.entry("2026-01-15", ("512", 1.0), ("707", -1.0))
        self.entry("2026-05-15", ("512", 2.0), ("707", -2.0))
        locks = self.company.sudo()
        locks.with_context(
            fec_effective_on=fields.Date.to_date("2026-02-20")
        ).fiscalyear_lock_date = "2026-01-31"
        days = {row["EcritureDate"]: row["ValidDate"] for row in self.rows()}
        self.assertEqual(days, {"20260115": "20260220", "20260515": "20270310"})
        self.assert_clean(self.report())

    def test_a_lock_that_was_lifted_no_longer_counts(self):
        company = self.company.sudo()
        company.fiscalyear_lock_date = "2026-06-30"
        company.fiscalyear_lock_date = False
        locks = self.env["crm.fec.lock"].search([("company_id", "=", company.id)])
        self.assertEqual(
            locks.mapped("date_revoked"), [fields.Date.to_date("2027-03-10")]
        )
        company.fiscalyear_lock_date = "2026-03-31"
        self.assertEqual(company._get_fec_lock_day(), fields.Date.to_date("2026-03-31"))
        open_locks = self.env["crm.fec.lock"].search(
            [("company_id", "=", company.id), ("date_revoked", "=", False)]
        )
        self.assertEqual(len(open_locks), 1)

    def test_a_secured_entry_is_final_from_that_day(self):
        self.sale.restrict_mode_hash_table = True
        invoice = self.invoice("2026-02-03")
        self.assertEqual(invoice.fec_valid_date, fields.Date.to_date("2027-03-10"))
        self.assertTrue(invoice.inalterable_hash)
        self.assert_clean(self.report())

    def test_lines_come_in_the_order_of_validation_and_number(self):
        late = self.invoice("2026-05-01")
        early = self.entry("2026-01-05", ("512", 1.0), ("707", -1.0))
        numbers = [row["EcritureNum"] for row in self.rows()]
        self.assertEqual(set(numbers), {late.name, early.name})
        self.assert_clean(self.report())

    def test_a_missing_number_is_found_with_its_entry(self):
        first, hole, last = (self.invoice(f"2026-02-0{n}") for n in (1, 2, 3))
        hole.with_context(force_delete=True).button_draft()
        hole.with_context(force_delete=True).unlink()
        check = self.official()
        finding = check.finding_ids
        self.assertEqual(finding.case, "sequence_gap")
        self.assertEqual(finding.move_id, last)
        self.assertEqual(finding.action_open_move()["res_id"], last.id)
        self.assertIn(last.name, finding.text)
        self.assertEqual(check.verdict, "errors")
        self.assertTrue(first)

    def test_branches_are_all_in_and_journal_codes_stay_apart(self):
        branch = self.env["res.company"].create(
            {"name": "Agence Lyon", "parent_id": self.company.id,
             "country_id": self.company.country_id.id}
        )  # fmt: skip
        self.cr.precommit.run()
        self.env.user.company_ids += branch
        self.invoice("2026-02-03")
        journal = self.env["account.journal"].create(
            {"name": "Ventes Lyon", "code": self.sale.code, "type": "sale",
             "company_id": branch.id,
             "default_account_id": self.sale.default_account_id.id}
        )  # fmt: skip
        self.invoice("2026-02-04", company_id=branch.id, journal_id=journal.id)
        with self.assertRaisesRegex(UserError, "Agence Lyon"):
            self.export()
        self.accountant.company_ids += branch
        rows = self.rows()
        self.assertEqual(len(rows), 4)
        self.assertEqual(len({row["JournalCode"] for row in rows}), 2)
        self.assert_clean(self.report())
        self.accountant.company_id = branch
        with self.assertRaisesRegex(UserError, self.company.name):
            self.export()
        branch.company_registry = "40483304800014"
        self.assertEqual(self.export()[0], "404833048FEC20261231.txt")

    def test_without_siren_the_way_is_shown(self):
        self.company.company_registry = False
        with self.assertRaisesRegex(RedirectWarning, "SIREN"):
            self.export()

    def test_an_official_export_is_checked_offered_and_locks(self):
        self.invoice("2026-02-03")
        check = self.official()
        self.assertEqual((check.state, check.verdict), ("done", "clean"))
        self.assertTrue(check.is_official)
        self.assertFalse(self.company.fiscalyear_lock_date)
        url = check.action_download_fec()["url"]
        self.assertEqual(url, f"/l10n_fr_crm_billing/fec/{check.id}/fec")
        self.assertEqual(
            self.company.fiscalyear_lock_date, fields.Date.to_date("2026-12-31")
        )
        name, path = check._get_fec_file(is_trial=False)
        self.assertEqual(name, f"{SIREN}FEC20261231.txt")
        self.assertEqual(path.read_bytes(), self.export()[1])
        name, text = check._get_description_file()
        self.assertEqual(name, f"{SIREN}FEC20261231_descriptif.txt")
        self.assertIn(f"SIREN {SIREN}", text)
        self.assertIn(f"- {self.sale.code} : ", text)
        self.assertIn("tabulation", text)

    def test_points_to_look_at_want_a_confirmation_with_a_name(self):
        self.entry("2026-12-31", ("707", 10.0), ("120", -10.0))
        check = self.official()
        self.assertEqual(check.verdict, "warnings")
        self.assertEqual(check.finding_ids.mapped("case"), ["closing_entry"])
        self.assertTrue(check.finding_ids.move_id)
        with self.assertRaises(UserError):
            check.action_download_fec()
        check.action_confirm_download()
        self.assertEqual(check.confirmed_by_id, self.accountant)
        self.assertTrue(self.company.fiscalyear_lock_date)

    def test_errors_leave_a_trial_file_only(self):
        self.invoice("2026-02-03").line_ids.account_id.filtered(
            lambda account: account.account_type == "income"
        ).code = "VENTES"
        check = self.official()
        self.assertEqual(check.rule_ids.mapped("rule"), ["ACCOUNT"])
        self.assertEqual(check.tool_verdict, "conforming")
        for button in (check.action_download_fec, check.action_confirm_download):
            with self.assertRaises(UserError):
                button()
        check.action_download_trial()
        name, _path = check._get_fec_file(is_trial=True)
        self.assertEqual(name, f"{SIREN}FEC20261231-ESSAI.txt")
        self.assertFalse(self.company.fiscalyear_lock_date)

    def test_a_year_that_is_not_over_is_a_trial(self):
        self.invoice("2027-02-03")
        check = self.official(date_from="2027-01-01", date_to="2027-12-31")
        self.assertFalse(check.is_official)
        self.assertEqual(check.verdict, "clean")
        with self.assertRaises(UserError):
            check.action_download_fec()

    def test_the_last_year_that_is_over_is_offered(self):
        wizard = self.env["l10n_fr.fec.export.wizard"].with_user(self.accountant)
        values = wizard.default_get(["date_from", "date_to"])
        self.assertEqual(str(values["date_from"]), "2026-01-01")
        self.assertEqual(str(values["date_to"]), "2026-12-31")

    def test_a_foreign_company_keeps_odoos_export(self):
        self.company.account_fiscal_country_id = self.env.ref("base.us")
        self.company.country_id = self.env.ref("base.us")
        wizard = self.wizard(test_file=True)
        self.assertFalse(wizard.is_french)
        if not wizard._is_fec_french():
            content = wizard.generate_fec()["file_content"].decode()
            self.assertIn("JournalCode|JournalLib", content)
            self.assertIsNone(wizard.create_fec_report_action())

    def test_a_large_year_is_exported_in_the_background(self):
        self.invoice("2026-02-03")
        with patch.object(l10n_fr_fec_export_wizard, "DIRECT_LINES", 1):
            check = self.official()
        self.assertEqual((check.state, check.has_file), ("waiting", False))
        check.sudo()._job_export()
        self.assertEqual((check.state, check.verdict), ("done", "clean"))
        content = check.sudo()._get_path().read_bytes()
        check.sudo()._job_export()
        self.assertEqual(check.sudo()._get_path().read_bytes(), content)

    def test_an_export_can_be_downloaded_for_a_day(self):
        self.invoice("2026-02-03")
        check = self.official()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_fec_check SET create_date = '2027-03-01'")
        self.env.invalidate_all()
        self.env["crm.fec.check"].sudo()._gc_files()
        self.assertFalse(check.has_file)
        with self.assertRaisesRegex(UserError, "24"):
            check.action_download_fec()
        self.assertTrue(check._get_description_file()[1])

    def test_an_admin_who_is_no_accountant_exports_too(self):
        self.invoice("2026-02-03")
        self.accountant = new_test_user(
            self.env,
            "fec_boss",
            "base.group_user,crm_base.crm_base_group_admin",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        check = self.official()
        self.assertEqual(check.verdict, "clean")
        self.assertTrue(check.action_download_fec()["url"])
        self.assertTrue(self.company.fiscalyear_lock_date)

    def test_a_window_is_its_owners(self):
        wizard = self.wizard()
        other = new_test_user(
            self.env, "fec_other", "base.group_user,account.group_account_manager"
        )
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["date_from"])

    def test_only_accountants_and_admins_export(self):
        seller = new_test_user(
            self.env, "fec_seller", "base.group_user,account.group_account_invoice"
        )
        wizards = self.env["l10n_fr.fec.export.wizard"].with_user(seller)
        with self.assertRaises(AccessError):
            wizards.create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        with self.assertRaises(AccessError):
            self.env["crm.fec.check"].with_user(seller)._check_fec_right()
        admin = new_test_user(
            self.env, "fec_admin", "base.group_user,crm_base.crm_base_group_admin"
        )
        self.env["crm.fec.check"].with_user(admin)._check_fec_right()
