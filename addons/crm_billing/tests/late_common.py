"""A company that charges late interest, and invoices of the first half of 2026."""

from datetime import date

from odoo import Command
from odoo.tests import freeze_time

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = date(2026, 6, 30)


class LateCase(AccountTestInvoicingCommon):
    """Rates are those of a table made here: no country is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(TODAY)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.company = cls.env.company
        cls.reference = cls.make_reference(
            "TEST-BANK",
            ("2025-01-01", "2025-06-30", 3.15),
            ("2025-07-01", "2025-12-31", 2.15),
            ("2026-01-01", "2026-06-30", 2.15),
        )
        cls.legal = cls.make_reference(
            "TEST-LEGAL",
            ("2025-07-01", "2025-12-31", 2.76),
            ("2026-01-01", "2026-06-30", 2.62),
        )
        cls.company.write(
            {
                "late_interest_method": "reference",
                "late_interest_reference_id": cls.reference.id,
                "late_interest_factor": 1,
                "late_interest_points": 10,
                "late_interest_fee": 40,
                "late_interest_floor_reference_id": cls.legal.id,
                "late_interest_floor_factor": 3,
                "late_interest_public_reference_id": cls.reference.id,
                "late_interest_public_points": 8,
                "late_interest_consumer_reference_id": cls.legal.id,
                "late_interest_account_id": cls.company_data[
                    "default_account_revenue"
                ].id,
                "late_interest_fee_account_id": cls.company_data[
                    "default_account_revenue"
                ].id,
                "late_limit_years_business": 5,
                "late_limit_years_consumer": 2,
            }
        )
        cls.client = cls.env["res.partner"].create(
            {"name": "Retail Plus", "is_company": True, "email": "retail@example.com"}
        )
        cls.consumer = cls.env["res.partner"].create({"name": "Paul Renard"})

    @classmethod
    def make_reference(cls, code, *rates):
        return cls.env["crm.late.reference"].create(
            {
                "name": code.title(),
                "code": code,
                "rate_ids": [
                    Command.create({"date_from": a, "date_to": b, "rate_pct": rate})
                    for a, b, rate in rates
                ],
            }
        )

    @classmethod
    def make_invoice(cls, amount, due, partner=None, **values):
        """A posted invoice without tax, so that the amount is what is owed."""
        due = date.fromisoformat(due) if isinstance(due, str) else due
        values.setdefault("invoice_date", due)
        move = cls.env["account.move"].create(
            {
                "move_type": values.pop("move_type", "out_invoice"),
                "partner_id": (partner or cls.client).id,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Cadrage",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def pay(cls, move, day, amount=None):
        values = {"payment_date": day}
        if amount:
            values["amount"] = amount
        return cls._register_payment(move, **values)
