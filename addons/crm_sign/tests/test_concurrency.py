"""Transactions that overlap for real, on rows that are committed."""

from contextlib import closing

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_sign.exceptions import SignRefused

from .common import VISITOR, make_pdf, make_png

NAME = "crm_sign concurrency"
TABLES = (
    ("crm_sign_event", "request_id"),
    ("crm_sign_signer", "request_id"),
    ("crm_sign_document", "request_id"),
    ("crm_sign_request", "id"),
)


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two servers, each with its own view of the database.

    Both have read the request before either of them writes: the slower one must not
    write on what it saw. PostgreSQL refuses it, Odoo plays it again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.forget)
        with self.registry.cursor() as cr:
            env = self.make_env(cr)
            request = env["crm.sign.request"].create({"name": NAME})
            request._add_document("contrat.pdf", make_pdf())
            for name in ("Marie", "Paul"):
                env["crm.sign.signer"].create(
                    {
                        "request_id": request.id,
                        "name": name,
                        "email": f"{name}@client.example".lower(),
                        "code_channel": "none",
                    }
                )
            request._send()
            self.request_id, self.signer_ids = request.id, request.signer_ids.ids

    def make_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def forget(self):
        with self.registry.cursor() as cr:
            for table, column in TABLES:
                cr.execute(
                    f"DELETE FROM {table} WHERE {column} IN"  # noqa: S608
                    " (SELECT id FROM crm_sign_request WHERE name = %s)",
                    [NAME],
                )
            cr.execute("DELETE FROM queue_job WHERE model_name LIKE 'crm.sign.%'")
            messages = "SELECT id FROM mail_message WHERE model LIKE 'crm.sign.%'"
            cr.execute(
                f"DELETE FROM mail_mail WHERE mail_message_id IN ({messages})"  # noqa: S608
            )
            cr.execute("DELETE FROM mail_message WHERE model LIKE 'crm.sign.%'")
            cr.execute("DELETE FROM ir_attachment WHERE res_model LIKE 'crm.sign.%'")
            cr.execute("DELETE FROM mail_activity WHERE res_model LIKE 'crm.sign.%'")

    def sign(self, env, signer_id):
        signer = env["crm.sign.signer"].browse(signer_id)
        return signer._sign({"consent": True, "signature": make_png()}, VISITOR)

    def refuse(self, env, signer_id):
        return env["crm.sign.signer"].browse(signer_id)._refuse("Non", VISITOR)

    def overlap(self, fast, slow):
        """Let two actions see the same request; the fast one commits first.

        :param fast: (action, signer id)
        :return: what the slow one answers when it is played again
        """
        (fast_action, fast_id), (slow_action, slow_id) = fast, slow
        with (
            closing(self.registry.cursor()) as one,
            closing(self.registry.cursor()) as two,
        ):
            envs = self.make_env(one), self.make_env(two)
            for env, signer_id in zip(envs, (fast_id, slow_id), strict=True):
                signer = env["crm.sign.signer"].browse(signer_id)
                self.assertEqual(signer._page_state().kind, "read")
            fast_action(envs[0], fast_id)
            one.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                slow_action(envs[1], slow_id)
            # As Odoo does with a request that PostgreSQL refused.
            two.rollback()
            envs[1].transaction.reset()
            try:
                answer = slow_action(self.make_env(two), slow_id)
                two.commit()
            except SignRefused as refused:
                answer = refused.code
        return answer

    def look(self):
        with self.registry.cursor() as cr:
            request = self.make_env(cr)["crm.sign.request"].browse(self.request_id)
            kinds = request.event_ids.mapped("kind")
            return request.state, kinds, bool(request._verify_chain())

    def test_two_people_sign_at_the_same_second(self):
        marie, paul = self.signer_ids
        answer = self.overlap((self.sign, marie), (self.sign, paul))
        state, kinds, is_broken = self.look()
        self.assertEqual((answer, state), (True, "signed"))
        self.assertEqual(kinds.count("signed"), 2)
        self.assertEqual(kinds.count("completed"), 1)
        self.assertFalse(is_broken)

    def test_a_double_click_on_two_servers_signs_once(self):
        marie = self.signer_ids[0]
        answer = self.overlap((self.sign, marie), (self.sign, marie))
        state, kinds, is_broken = self.look()
        self.assertEqual((answer, state), (False, "partial"))
        self.assertEqual(kinds.count("signed"), 1)
        self.assertFalse(is_broken)

    def test_one_signs_while_the_other_refuses(self):
        marie, paul = self.signer_ids
        answer = self.overlap((self.refuse, paul), (self.sign, marie))
        state, kinds, is_broken = self.look()
        self.assertEqual((answer, state), ("refused", "refused"))
        self.assertNotIn("signed", kinds)
        self.assertFalse(is_broken)
