"""Real transactions at the same time, on rows that are committed."""

import threading
from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.crm_sign.exceptions import SignRefused

from .common import VISITOR, make_pdf, make_png

NAME = "crm_sign concurrency"


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two browsers, two servers: what PostgreSQL and Odoo make of it."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.forget)
        self.request_id, self.signer_ids = self.work(self.make_request)

    def work(self, action, *args):
        """Do something in a transaction of its own, played again as Odoo does."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"queue_job__no_delay": False})
            return retrying(lambda: action(env, *args), env)

    def make_request(self, env):
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
        return request.id, request.signer_ids.ids

    def forget(self):
        with self.registry.cursor() as cr:
            for table, column in (
                ("crm_sign_event", "request_id"), ("crm_sign_signer", "request_id"),
                ("crm_sign_document", "request_id"), ("crm_sign_request", "id"),
            ):  # fmt: skip
                cr.execute(
                    f"DELETE FROM {table} WHERE {column} IN"  # noqa: S608
                    " (SELECT id FROM crm_sign_request WHERE name = %s)",
                    [NAME],
                )
            cr.execute("DELETE FROM queue_job WHERE model_name LIKE 'crm.sign.%'")
            cr.execute(
                "DELETE FROM mail_mail WHERE mail_message_id IN (SELECT id FROM"
                " mail_message WHERE model LIKE 'crm.sign.%')"
            )
            cr.execute("DELETE FROM mail_message WHERE model LIKE 'crm.sign.%'")

    def sign(self, env, signer_id, barrier):
        signer = env["crm.sign.signer"].browse(signer_id)
        # a snapshot of before the other one
        self.assertIn(signer.request_id.state, ("sent", "partial", "refused"))
        if barrier.n_waiting < barrier.parties and not barrier.broken:
            try:
                barrier.wait(timeout=5)
            except threading.BrokenBarrierError:
                barrier.abort()
        return signer._sign({"consent": True, "signature": make_png()}, VISITOR)

    def together(self, *signer_ids):
        barrier = threading.Barrier(len(signer_ids))
        with ThreadPoolExecutor(len(signer_ids)) as pool:
            tasks = [
                pool.submit(self.work, self.sign, signer_id, barrier)
                for signer_id in signer_ids
            ]
            return [task.result(timeout=60) for task in tasks]

    def look(self, env):
        request = env["crm.sign.request"].browse(self.request_id)
        kinds = request.event_ids.mapped("kind")
        return request.state, kinds, bool(request._verify_chain())

    def test_two_people_sign_at_the_same_second(self):
        self.assertEqual(self.together(*self.signer_ids), [True, True])
        state, kinds, is_broken = self.work(self.look)
        self.assertEqual(state, "signed")
        self.assertEqual(kinds.count("signed"), 2)
        self.assertEqual(kinds.count("completed"), 1)
        self.assertFalse(is_broken)

    def test_a_double_click_on_two_servers_signs_once(self):
        marie = self.signer_ids[0]
        self.assertEqual(sorted(self.together(marie, marie)), [False, True])
        state, kinds, is_broken = self.work(self.look)
        self.assertEqual((state, kinds.count("signed")), ("partial", 1))
        self.assertFalse(is_broken)

    def test_one_signs_while_the_other_refuses(self):
        marie, paul = self.signer_ids
        barrier = threading.Barrier(2)

        def refuse(env):
            signer = env["crm.sign.signer"].browse(paul)
            self.assertIn(signer.request_id.state, ("sent", "partial"))
            if not barrier.broken:
                barrier.wait(timeout=5)
                barrier.abort()
            try:
                signer._refuse("Non", VISITOR)
            except SignRefused as refused:
                return refused.code
            return "refused"

        with ThreadPoolExecutor(2) as pool:
            said_no = pool.submit(self.work, refuse)
            signed = pool.submit(self.work, self.sign, marie, barrier)
            answers = said_no.result(timeout=60), signed.exception(timeout=60)
        self.assertEqual(answers[0], "refused")
        state, kinds, is_broken = self.work(self.look)
        self.assertEqual(state, "refused")
        self.assertFalse(is_broken)
        if answers[1]:
            self.assertEqual(answers[1].code, "refused")
            self.assertNotIn("signed", kinds)
