import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_sign.lib.evidence import first_link, sha256

from .common import SignCase


@tagged("post_install", "-at_install")
class TestEvidence(SignCase):
    def test_nobody_changes_or_deletes_an_event(self):
        request, *_signers = self.send()
        for event in (request.event_ids, request.event_ids.with_user(self.seller)):
            with self.assertRaises(UserError):
                event[0].write({"actor": "Somebody"})
            with self.assertRaises(UserError):
                event[0].unlink()
        with self.assertRaises(AccessError):
            self.env["crm.sign.event"].with_user(self.seller).create(
                {"request_id": request.id, "kind": "signed"}
            )

    def tamper(self, sql, *args):
        self.env.flush_all()
        self.env.cr.execute(sql, args)
        self.env.invalidate_all()

    def test_what_was_changed_in_the_database_is_found(self):
        request, marie = self.send("Marie Dupont")
        self.sign(marie)
        self.assertFalse(request._verify_chain())
        for sql in (
            "UPDATE crm_sign_event SET ip = '198.51.100.1' WHERE kind = 'signed'"
            " AND request_id = %s",
            "DELETE FROM crm_sign_event WHERE kind = 'completed' AND request_id = %s",
        ):
            with self.env.cr.savepoint() as point:
                self.tamper(sql, request.id)
                self.assertEqual(request._verify_chain(), request)
                self.assertEqual(request.chain_state, "broken")
                self.assertEqual(len(request.activity_ids), 1)
                request._verify_chain()
                self.assertEqual(len(request.activity_ids), 1, "told once")
                answer = request.with_user(self.seller).action_verify_chain()
                self.assertEqual(answer["params"]["type"], "danger")
                point.rollback()
                self.env.invalidate_all()
        answer = request.with_user(self.seller).action_verify_chain()
        self.assertEqual(answer["params"]["type"], "success")

    def test_the_night_checks_everything(self):
        sound, marie = self.send("Marie Dupont")
        self.sign(marie)
        broken, *_signers = self.send("Paul Durand")
        self.tamper(
            "UPDATE crm_sign_event SET actor = 'x' WHERE request_id = %s", broken.id
        )
        with self.enter_registry_test_mode():
            self.env.ref("crm_sign.ir_cron_verify").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((sound.chain_state, broken.chain_state), ("intact", "broken"))

    def test_the_export_can_be_verified_alone(self):
        request, marie = self.send("Marie Dupont")
        self.sign(marie)
        request._job_seal()
        action = request.with_user(self.seller).action_export_evidence()
        self.assertIn("download=true", action["url"])
        content = json.loads(request._export_evidence())
        previous = first_link(request.reference)
        for event in content["events"]:
            digest = event.pop("hash")
            self.assertEqual(event["previous_hash"], previous)
            text = json.dumps(
                event, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )
            self.assertEqual(sha256(text.encode()), digest)
            previous = digest
        self.assertEqual(previous, content["request"]["chain_head"])
        self.assertEqual(content["signers"][0]["ip"], "192.0.2.7")
        self.assertEqual(
            content["documents"][0]["signed_sha256"],
            sha256(request.document_ids._get_final()),
        )

    def test_files_that_were_sent_are_never_touched(self):
        request, marie = self.send("Marie Dupont")
        document = request.document_ids
        self.sign(marie)
        request._job_seal()
        for attachment in (document.attachment_id, document.final_attachment_id):
            for values in ({"raw": b"x"}, {"res_id": 1}, {"public": True}):
                with self.assertRaisesRegex(UserError, "sent for signature"):
                    attachment.write(values)
            with self.assertRaisesRegex(UserError, "sent for signature"):
                attachment.unlink()
            with self.assertRaises(UserError):
                attachment.with_user(self.seller).unlink()

    def test_a_draft_leaves_no_file_behind(self):
        request = self.make_request()
        files = request.document_ids.attachment_id
        request.with_user(self.seller).unlink()
        self.assertFalse(files.exists())

    def test_people_read_the_events_in_their_words(self):
        request, marie = self.send("Marie Dupont")
        self.sign(marie)
        events = request.event_ids.with_context(lang="fr_FR")
        by_kind = {event.kind: event for event in events}
        self.assertEqual(by_kind["completed"].actor_text, "Le système")
        self.assertIn("Marie Dupont", by_kind["signed"].actor_text)
        self.assertEqual(by_kind["completed"].actor, "system", "what is hashed")
        self.assertIn("niveau\N{NO-BREAK SPACE}: ", by_kind["sent"].details_text)
        code = by_kind["code_sent"].details_text
        self.assertIn("Code par e-mail", code)
        self.assertIn("marie@client.example", code)

    def test_open_screens_hear_of_each_fact(self):
        def heard():
            self.env.cr.precommit.run()
            rows = self.env["bus.bus"].sudo().search([("id", ">", last)])
            return [row for row in rows if "crm_base.record" in row.message]

        request, marie = self.send("Marie Dupont")
        self.env.cr.precommit.run()
        last = self.env["bus.bus"].sudo().search([], order="id desc", limit=1).id or 0
        public = self.env.ref("base.public_user")
        self.sign(marie.with_user(public).sudo())
        news = heard()
        self.assertTrue(news)
        for row in news:
            self.assertIn(str(self.seller.partner_id.id), row.channel)
            told = json.loads(row.message)["payload"]
            self.assertEqual(
                (told["res_model"], told["res_id"]), (request._name, request.id)
            )
