from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import SignCase

MODELS = ("request", "document", "signer", "field", "event")


@tagged("post_install", "-at_install")
class TestAccess(SignCase):
    """Who may do what; the answer for everybody else is no."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "crm_base.crm_base_group_"
        people = {
            "boss": f"{group}admin",
            "colleague": f"{group}seller",
            "nocode": f"{group}nocode",
            "automation": f"{group}automation",
            "portal": "base.group_portal",
        }
        cls.users = {
            name: new_test_user(cls.env, f"sign_{name}", groups=groups, **cls.here)
            for name, groups in people.items()
        }
        cls.users["stranger"] = new_test_user(
            cls.env,
            "sign_stranger",
            groups=f"{group}admin",
            company_id=cls.env.ref("base.main_company").id,
            company_ids=[(6, 0, cls.env.ref("base.main_company").ids)],
        )
        cls.users["anonymous"] = cls.env.ref("base.public_user")
        cls.request, cls.marie = cls.send("Marie Dupont")

    def seen(self, user, model):
        return (
            self.env[f"crm.sign.{model}"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def test_the_seller_and_the_administrator_see_everything_of_the_request(self):
        for user in (self.seller, self.users["boss"]):
            for model in MODELS[:3] + MODELS[4:]:
                found = self.seen(user, model).search([])
                self.assertTrue(found, f"{user.login} {model}")

    def test_a_colleague_and_another_company_see_nothing(self):
        for name in ("colleague", "stranger"):
            for model in MODELS:
                found = self.seen(self.users[name], model).search(
                    [("company_id", "=", self.company.id)]
                )
                self.assertFalse(found, f"{name} {model}")
            request = self.request.with_user(self.users[name])
            for action in ("action_cancel", "action_remind", "action_export_evidence"):
                with self.assertRaises(AccessError):
                    getattr(request, action)()

    def test_clients_visitors_and_other_roles_reach_no_request(self):
        for name in ("portal", "anonymous", "automation", "nocode"):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.seen(self.users[name], model).search([])
                with self.assertRaises(AccessError):
                    self.seen(self.users[name], model).create({})

    def test_nobody_reads_hashes_of_links_and_codes(self):
        for user in (self.seller, self.users["boss"]):
            for name in ("token_hash", "code_hash", "session_hash"):
                with self.assertRaises(AccessError):
                    self.marie.with_user(user).read([name])

    def test_nobody_types_what_the_engine_writes(self):
        draft = self.make_request()
        mine = draft.with_user(self.seller)
        for record, values in (
            (mine, {"state": "signed"}),
            (mine, {"seal_state": "done"}),
            (mine, {"chain_head": "x"}),
            (mine, {"seal_attempts": 0}),
            (mine, {"res_model": "res.partner", "res_id": self.company.partner_id.id}),
            (mine.signer_ids, {"state": "signed"}),
            (mine.signer_ids, {"signed_at": "2026-01-01 00:00:00"}),
            (mine.signer_ids, {"token_hash": "x"}),
            (mine.document_ids, {"sha256": "x"}),
            (mine.document_ids, {"attachment_id": 1}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        forged = (
            self.env["crm.sign.request"]
            .with_user(self.seller)
            .create(
                {
                    "name": "X",
                    "state": "signed",
                    "seal_state": "done",
                    "event_count": 9,
                    "res_model": "res.partner",
                    "res_id": self.company.partner_id.id,
                }
            )
        )
        self.assertFalse(forged.res_model or forged.res_id)
        self.assertEqual((forged.state, forged.seal_state), ("draft", "none"))
        self.assertFalse(forged.event_count)

    def test_nothing_is_added_to_a_request_that_was_sent(self):
        for model, values in (
            ("signer", {"name": "Intrus", "email": "intrus@x.example"}),
            ("document", {"name": "Autre"}),
        ):
            with self.assertRaisesRegex(UserError, "already sent"):
                self.seen(self.seller, model).create(
                    {"request_id": self.request.id, **values}
                )

    def test_a_seller_gives_no_draft_to_a_request_of_a_colleague(self):
        other = self.make_request(user=self.users["boss"])
        with self.assertRaises(AccessError):
            self.seen(self.seller, "signer").create(
                {"request_id": other.id, "name": "X"}
            )

    def test_only_administrators_touch_certificates(self):
        certificate = self.company._get_sign_certificate()
        for name in ("colleague", "nocode", "automation", "portal", "stranger"):
            record = certificate.with_user(self.users[name]).with_context(
                allowed_company_ids=self.users[name].company_ids.ids
            )
            with self.assertRaises(AccessError):
                record.read(["name"])
            with self.assertRaises(AccessError):
                record.write({"tsa_url": "https://evil.example"})
        shown = certificate.with_user(self.users["boss"]).read(["pkcs12", "passphrase"])
        self.assertEqual(shown[0]["pkcs12"], "********")
        self.assertEqual(shown[0]["passphrase"], "********")

    def test_templates_are_made_by_nocode_and_used_by_sellers(self):
        templates = self.seen(self.users["nocode"], "template")
        template = templates.create({"name": "NDA", "file": self.pdf64()})
        self.assertEqual(template.page_count, 1)
        read = template.with_user(self.seller)
        self.assertEqual(read.name, "NDA")
        with self.assertRaises(AccessError):
            read.write({"name": "X"})
        with self.assertRaises(AccessError):
            template.with_user(self.users["portal"]).read(["name"])
        with self.assertRaises(AccessError):
            self.seen(self.users["stranger"], "template.use").create(
                {"template_id": template.id}
            )
        with self.assertRaises(AccessError):
            self.request.event_ids[0].with_user(self.users["boss"]).write({"ip": "x"})

    def pdf64(self):
        return self.make_request().document_ids.attachment_id.datas
