import json
from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..fields import MASK, EncryptedText
from .common import SecretModelCase

PLAIN = "sk_live_never_seen_outside"


@tagged("post_install", "-at_install")
class TestRoadsOut(SecretModelCase):
    """Every method that may leave the server shows the mask at most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.Model.create(
            {"name": "Account", "secret": PLAIN, "guarded": PLAIN}
        )
        cls.child = cls.Model.create({"parent_id": cls.record.id, "secret": PLAIN})
        cls.env.flush_all()

    def assert_hidden(self, answer):
        text = json.dumps(answer, default=str)
        self.assertNotIn(PLAIN, text)
        self.assertNotIn("enc1:", text)
        return text

    def test_reading(self):
        names = ["name", "secret", "guarded", "parent_secret", "display_name"]
        domain = [("id", "in", (self.record + self.child).ids)]
        spec = {
            "secret": {},
            "guarded": {},
            "parent_secret": {},
            "parent_id": {"fields": {"secret": {}}},
            "child_ids": {"fields": {"secret": {}, "parent_secret": {}}},
        }
        answers = [
            self.record.read(names),
            self.record.read(),
            self.record.read(names, load=None),
            self.record.web_read(spec),
            self.Model.search_read(domain, names),
            self.Model.web_search_read(domain, spec),
            self.Model.name_search("Account"),
            self.record.web_save({"name": "Account"}, spec),
            self.record.web_save({"secret": PLAIN}, spec),
            self.Model.web_save({"secret": PLAIN}, spec),
            self.record.copy_data(),
            self.Model.default_get(["secret", "generated"]),
            self.record._convert_to_write({"secret": PLAIN}),
        ]
        for answer in answers:
            self.assert_hidden(answer)
        for answer in answers[:6]:
            self.assertIn(MASK, str(answer))

    def test_export(self):
        paths = ["name", "secret", "guarded", "child_ids/secret", "parent_secret"]
        answer = (self.record + self.child).export_data(paths)
        self.assertIn(MASK, self.assert_hidden(answer))

    def test_import_of_an_export_changes_nothing(self):
        before = self.stored(self.record)
        row = self.record.export_data(["id", "name", "secret"])["datas"][0]
        answer = self.Model.load(["id", "name", "secret"], [row])
        self.assertFalse([m for m in answer["messages"] if m["type"] == "error"])
        self.assertEqual(self.stored(self.record), before)

    def test_onchange(self):
        spec = {"name": {}, "secret": {}, "generated": {}, "parent_id": {}}
        spec["parent_secret"] = {}
        spec["child_ids"] = {"fields": {"secret": {}, "parent_secret": {}}}
        self.assert_hidden(self.Model.onchange({}, [], spec))
        for values in ({"secret": PLAIN}, {"parent_id": self.record.id}):
            self.assert_hidden(self.record.onchange(values, list(values), spec))
            self.assert_hidden(self.Model.onchange(values, list(values), spec))
        answer = self.record.onchange({"secret": MASK}, ["secret"], spec)
        self.assertNotIn("secret", self.assert_hidden(answer["value"]))

    def test_grouped_reading(self):
        domain = [("id", "in", (self.record + self.child).ids)]
        answer = self.Model.web_read_group(
            domain,
            ["parent_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"secret": {}},
        )
        self.assert_hidden(answer)
        self.assert_hidden(
            self.Model.formatted_read_group(domain, ["parent_id"], ["__count"])
        )

    def test_record_named_after_a_secret(self):
        self.patch(type(self.Model), "_rec_name", "secret")
        self.env.invalidate_all()
        self.assertEqual(self.record.display_name, MASK)

    def test_stored_default_value_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["ir.default"].set("crm.test.secret", "secret", PLAIN)

    def test_log_of_queries_even_when_they_fail(self):
        with (
            self.assertLogs("odoo.sql_db", "DEBUG") as creation,
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(),
        ):
            self.Model.create({"secret": PLAIN, "parent_id": 2**30})
        with (
            self.assertLogs("odoo.sql_db", "DEBUG") as change,
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(),
        ):
            self.record.write({"secret": PLAIN + "2", "parent_id": 2**30})
            self.record.flush_recordset()
        for log in (creation, change):
            text = "\n".join(log.output)
            self.assertIn("bad query", text)
            self.assertIn("enc1:", text)
            self.assertNotIn(PLAIN, text)

    def test_field_groups_apply(self):
        user = new_test_user(self.env, "bas_user", groups="base.group_user")
        record = self.record.with_user(user)
        self.assertNotIn("guarded", record.fields_get())
        self.assertNotIn("guarded", record.read()[0])
        with self.assertRaises(AccessError):
            record.mapped("guarded")
        with self.assertRaises(AccessError):
            record.write({"guarded": MASK})

    def test_no_plain_field_is_related_to_a_secret(self):
        """A related field of another type would show what the secret hides."""
        for model_class in self.registry.values():
            for field in model_class._fields.values():
                source = field.related_field
                if isinstance(source, EncryptedText):
                    self.assertIsInstance(field, EncryptedText, str(field))


@tagged("post_install", "-at_install")
class TestRemoteCalls(SecretModelCase, HttpCase):
    """The same over the wire: JSON-RPC of the web client and JSON-2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.Model.create({"name": "Account", "secret": PLAIN})
        cls.admin = new_test_user(
            cls.env, "bas_remote", groups="base.group_user,base.group_system"
        )
        cls.env.flush_all()

    def test_web_client(self):
        self.authenticate("bas_remote", "bas_remote")
        for method, args in (
            ("read", [self.record.ids, ["secret", "guarded"]]),
            ("search_read", [[("id", "=", self.record.id)], ["secret"]]),
            ("web_read", [self.record.ids, {"secret": {}}]),
            ("export_data", [self.record.ids, ["secret"]]),
            ("copy_data", [self.record.ids]),
        ):
            answer = self.make_jsonrpc_request(
                f"/web/dataset/call_kw/crm.test.secret/{method}",
                {
                    "model": "crm.test.secret",
                    "method": method,
                    "args": args,
                    "kwargs": {},
                },
            )
            self.assertNotIn(PLAIN, json.dumps(answer))
            self.assertNotIn("enc1:", json.dumps(answer))

    def test_json2(self):
        key = (
            self.env(user=self.admin)["res.users.apikeys"]
            .with_user(self.admin)
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        )
        for method, body in (
            ("read", {"ids": self.record.ids, "fields": ["secret"]}),
            ("search_read", {"domain": [["secret", "!=", False]]}),
            ("export_data", {"ids": self.record.ids, "fields_to_export": ["secret"]}),
            ("search_read", {"domain": [["secret", "like", "sk_"]]}),
            ("mapped", {"ids": self.record.ids, "func": "secret"}),
            ("filtered_domain", {"ids": self.record.ids, "domain": []}),
            (
                "formatted_read_group",
                {"domain": [], "groupby": ["secret"], "aggregates": []},
            ),
        ):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/json/2/crm.test.secret/{method}",
                    json=body,
                    headers={"Authorization": f"Bearer {key}"},
                )
            self.assertNotIn(PLAIN, answer.text, method)
            self.assertNotIn("enc1:", answer.text, method)
            allowed = method in ("read", "export_data") or body.get("domain") == [
                ["secret", "!=", False]
            ]
            self.assertEqual(answer.ok, allowed, f"{method} {answer.text[:300]}")
