from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_payout import PayoutCase

MODELS = ("crm.payout", "crm.payout.line", "crm.payout.drift")


@tagged("post_install", "-at_install")
class TestPayoutAccess(PayoutCase):
    """Accountants and admins; nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inside = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.users = {
            name: new_test_user(cls.env, f"payout_{name}", groups=groups, **inside)
            for name, groups in (
                ("admin", "crm_base.crm_base_group_admin"),
                ("accountant", "account.group_account_invoice,base.group_user"),
                ("auditor", "account.group_account_readonly,base.group_user"),
                ("nocode", "crm_base.crm_base_group_nocode"),
                ("automation", "crm_base.crm_base_group_automation"),
                ("portal", "base.group_portal"),
            )
        }
        cls.users["seller"] = cls.seller
        cls.users["public"] = cls.env.ref("base.public_user")
        other = cls.make_company("Ailleurs")
        cls.users["other"] = new_test_user(
            cls.env,
            "payout_other",
            groups="account.group_account_manager,crm_base.crm_base_group_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )

    def setUp(self):
        super().setUp()
        self.sell(100)
        self.charge(3000)
        self.payout = self.pay_out()
        self.compare()

    def sees(self, name, model):
        try:
            user = self.users[name]
            env = self.env(
                user=user, context={"allowed_company_ids": user.company_ids.ids}
            )
            records = env[model].search([])
            records.read(["remote_id"] if "drift" not in model else ["key"])
        except AccessError:
            return None
        return len(records)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sees(self):
        expected = dict.fromkeys(self.users)
        for name in ("admin", "accountant", "auditor"):
            expected[name] = (1, 2, 1)
        expected["other"] = (0, 0, 0)
        for name, wanted in expected.items():
            found = tuple(self.sees(name, model) for model in MODELS)
            self.assertEqual(found, wanted or (None, None, None), name)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_writes(self):
        for name, user in self.users.items():
            for model in MODELS:
                record = self.env[model].search([], limit=1).with_user(user)
                for attempt in (
                    lambda record=record: record.write({"connection_id": False}),
                    lambda record=record: record.unlink(),
                    lambda record=record: record.create({}),
                ):
                    with self.assertRaises(AccessError, msg=f"{name} {model}"):
                        attempt()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_presses_the_buttons(self):
        line = self.receive_at_bank(self.payout.amount)
        self.assert_whole(self.payout)
        for name, user in self.users.items():
            payout = self.payout.with_user(user)
            if name in ("admin", "accountant"):
                payout.action_refresh()
                payout.action_undo_match()
                payout.action_find_bank_line()
                self.assertEqual(self.payout.bank_line_id, line)
                payout.action_view_items()
                self.connection.with_user(self.users["admin"]).action_set_up_payouts()
                continue
            for button in ("action_refresh", "action_undo_match", "action_view_items"):
                with self.assertRaises(AccessError, msg=f"{name} {button}"):
                    getattr(payout, button)()

    def test_the_accountant_reads_the_whole_screen(self):
        user = self.users["accountant"]
        payout = self.payout.with_user(user)
        values = payout.web_read(
            {
                "remote_id": {},
                "state": {},
                "open_drift_count": {},
                "candidate_line_ids": {"fields": {"amount": {}}},
                "move_id": {"fields": {"display_name": {}}},
                "line_ids": {
                    "fields": {
                        "partner_id": {"fields": {"display_name": {}}},
                        "invoice_ids": {"fields": {"display_name": {}}},
                        "fee_text": {},
                    }
                },
            }
        )
        self.assertEqual(values[0]["open_drift_count"], 1)
        drift = self.env["crm.payout.drift"].with_user(user).search([])
        self.assertTrue(drift.explanation)
        wizard = self.env["crm.payout.drift.accept"].with_user(user)
        wizard.with_context(active_ids=drift.ids).create(
            {"reason": "seen"}
        ).action_accept()
        self.assertEqual(drift.state, "accepted")
