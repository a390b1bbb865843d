from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import EngineCase

MODELS = (
    "crm.connection",
    "crm.exchange",
    "crm.exchange.attempt",
    "crm.exchange.body",
)


@tagged("post_install", "-at_install")
class TestRights(EngineCase):
    # who -> (reads connections and exchanges, writes connections)
    MATRIX = {
        "crm_base.crm_base_group_admin": (True, True),
        "crm_base.crm_base_group_automation": (True, False),
        "crm_base.crm_base_group_nocode": (False, False),
        "crm_base.crm_base_group_seller": (False, False),
        "base.group_user": (False, False),
        "base.group_portal": (False, False),
        "base.group_public": (False, False),
    }

    def test_who_reads_and_who_writes(self):
        exchange = self.arrive("evt_1")
        for number, (group, (reads, writes)) in enumerate(self.MATRIX.items()):
            user = new_test_user(self.env, f"int_matrix_{number}", groups=group)
            with self.subTest(group=group):
                connection = self.connection.with_user(user)
                self.assertEqual(connection.has_access("read"), reads)
                self.assertEqual(exchange.with_user(user).has_access("read"), reads)
                for operation in ("write", "create", "unlink"):
                    self.assertEqual(connection.has_access(operation), writes)
                    self.assertFalse(exchange.with_user(user).has_access(operation))

    def test_those_without_a_role_press_no_button(self):
        exchange = self.arrive("evt_1")
        for group in ("crm_base.crm_base_group_seller", "base.group_portal"):
            user = new_test_user(self.env, f"int_{group[-6:]}", groups=group)
            for press in ("action_retry", "action_replay", "action_ignore"):
                with self.assertRaises(AccessError):
                    getattr(exchange.with_user(user), press)()
            for press in ("action_show_body", "action_open_record"):
                with self.assertRaises(AccessError):
                    getattr(exchange.with_user(user), press)()
            for press in ("action_test", "action_dry_run", "action_turn_off"):
                with self.assertRaises(AccessError):
                    getattr(self.connection.with_user(user), press)()
        self.assertEqual(exchange.state, "pending")

    def test_the_secret_belongs_to_admins_and_never_leaves(self):
        self.assertEqual(self.connection.webhook_secret, "s3cret")
        read = self.connection.with_user(self.admin).read(["webhook_secret"])
        self.assertEqual(read[0]["webhook_secret"], "********")
        with self.assertRaises(AccessError):
            self.connection.with_user(self.automation).read(["webhook_secret"])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "int_stranger",
            groups="crm_base.crm_base_group_admin",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        exchange = self.arrive("evt_1")
        self.run_incoming(self.connection)
        for record in (self.connection, exchange, exchange.attempt_ids):
            self.assertTrue(record)
            self.assertFalse(
                record.with_user(stranger).search([("id", "=", record.id)])
            )
            self.assertFalse(record.with_user(stranger).has_access("read"))
        with self.assertRaises(AccessError):
            exchange.with_user(stranger).action_replay()
        with self.assertRaises(AccessError):
            exchange.with_user(stranger).action_show_body()

    def test_a_colleague_cannot_reuse_a_window_on_a_body(self):
        exchange = self.arrive("evt_1")
        action = exchange.with_user(self.admin).action_show_body()
        other = new_test_user(
            self.env, "int_admin2", groups="crm_base.crm_base_group_admin"
        )
        wizard = self.env["crm.exchange.body"].browse(action["res_id"])
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["body"])

    def test_a_seller_causes_a_message_without_reading_connections(self):
        seller = new_test_user(
            self.env, "int_seller", groups="crm_base.crm_base_group_seller"
        )
        exchange = self.connection.with_user(seller)._enqueue(
            "e", b"{}", idempotency_key="k"
        )
        self.assertEqual(exchange.create_uid, seller)
        self.env.cr.flush()
        self.assertTrue(self.jobs("_job_send"))

    def test_every_new_model_is_in_this_matrix(self):
        ours = self.env["ir.model"].search([("model", "=like", "crm.exchange%")])
        stored = {m for m in ours.mapped("model") if not self.env[m]._abstract}
        self.assertLessEqual(stored, set(MODELS))
