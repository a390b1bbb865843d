"""A French company with two years of entries."""

import tempfile
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.l10n_fr_crm_billing.lib.fec import check_fec
from odoo.addons.l10n_fr_crm_billing.lib.fec.columns import STANDARD
from odoo.addons.l10n_fr_crm_billing.models import fec_spool

SIREN = "732829320"
TODAY = "2027-03-10"


class FecCommon(AccountTestInvoicingCommon):
    """Time stands still on 10 March 2027; the financial year is 2026."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        frozen = freeze_time(TODAY)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()
        # These tests are about the file, not about the mentions of an invoice.
        moves = cls.env.registry["account.move"]
        cls.classPatch(moves, "_must_check_fr", lambda self: False)
        cls.company = cls.company_data["company"]
        cls.company.write({"vat": False, "company_registry": f"{SIREN}00074"})
        cls.bank = cls.company_data["default_journal_bank"]
        cls.sale = cls.company_data["default_journal_sale"]
        cls.misc = cls.company_data["default_journal_misc"]
        cls.client = cls.env["res.partner"].create({"name": "Atelier Martin"})
        cls.accountant = new_test_user(
            cls.env,
            "fec_accountant",
            "base.group_user,account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.spool = folder.name
        self.startPatcher(patch.dict(fec_spool.config.options, data_dir=folder.name))

    @classmethod
    def account(cls, code):
        return cls.env["account.account"].search(
            [
                *cls.env["account.account"]._check_company_domain(cls.company),
                ("code", "=like", f"{code}%"),
                ("account_type", "!=", "equity_unaffected"),
            ],
            order="code",
            limit=1,
        )

    @classmethod
    def entry(cls, day, *lines, journal=None, ref=False, post=True):
        """Post lines given as (account code, balance, values)."""
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": (journal or cls.misc).id,
                "date": day,
                "ref": ref,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.account(code).id,
                            "balance": balance,
                            "name": "Ligne",
                            **(rest[0] if rest else {}),
                        }
                    )
                    for code, balance, *rest in lines
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def invoice(cls, day, amount=1000.0, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.client.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Prestation", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def wizard(self, **values):
        wizards = self.env["l10n_fr.fec.export.wizard"].with_user(self.accountant)
        return wizards.create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31", **values}
        )

    def export(self, **values):
        """Return (name, bytes) of an export that locks nothing."""
        self.set_creation()
        result = self.wizard(test_file=True, **values).generate_fec()
        return result["file_name"], result["file_content"]

    def set_creation(self):
        """The database's clock does not stand still: entries were made on their day."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET create_date = date")
        self.env.cr.execute(
            "UPDATE account_full_reconcile SET create_date = %s", [TODAY]
        )
        self.env.invalidate_all()

    def official(self, **values):
        """Return the check of an export, as the accountant sees it."""
        self.set_creation()
        action = self.wizard(**values).create_fec_report_action()
        checks = self.env["crm.fec.check"].with_user(self.accountant)
        return checks.browse(action["res_id"])

    def rows(self, **values):
        """Return the lines of an export as mappings."""
        _name, content = self.export(**values)
        lines = content.decode().splitlines()
        self.assertEqual(lines[0].split("\t"), list(STANDARD))
        return [
            dict(zip(STANDARD, line.split("\t"), strict=True)) for line in lines[1:]
        ]

    def report(self, **values):
        name, content = self.export(**values)
        return check_fec([content], name)

    def assert_clean(self, report):
        found = [(one.case, one.params, one.text) for one in report.findings]
        self.assertFalse(found)
        self.assertEqual(report.tool_verdict.value, "conforming")
        self.assertEqual(report.closing, date(2026, 12, 31))
