from cryptography.fernet import Fernet

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..fields import MASK, EncryptedText
from ..lib.crypto import SecretBox, fingerprint
from .common import SecretModelCase

PLAIN = "sk_live_plain_value_é"


@tagged("post_install", "-at_install")
class TestEncryptedText(SecretModelCase):
    """What people and code of the suite do with a secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.Model.create({"name": "Account", "secret": PLAIN})

    def assert_secret(self, record, expected, name="secret"):
        """The secret is this one, now, in the database and after a fresh read."""
        self.assertEqual(record[name], expected)
        stored = self.stored(record, name)
        self.assertTrue(stored.startswith(f"enc1:{fingerprint(self.secret_key)}:"))
        self.assertEqual(SecretBox([self.secret_key]).decrypt(stored), expected)
        self.env.invalidate_all()
        self.assertEqual(record[name], expected)

    # === Writing === #

    def test_created_written_and_assigned_secrets_are_sealed(self):
        self.assert_secret(self.record, PLAIN)
        self.record.write({"secret": "written"})
        self.assert_secret(self.record, "written")
        self.record.secret = "assigned"
        self.assert_secret(self.record, "assigned")
        self.record.secret = b"bytes"
        self.assert_secret(self.record, "bytes")

    def test_cache_after_creation_is_what_was_inserted(self):
        record = self.Model.create({"secret": "x"})
        cache = self.Model._fields["secret"]._get_cache(self.env)
        self.assertEqual(cache[record.id], self.stored(record))

    def test_cache_never_holds_plain_text(self):
        cache = self.Model._fields["secret"]._get_cache(self.env)
        for value in (PLAIN, "other"):
            self.record.secret = value
            self.assertNotIn(value, cache[self.record.id])
        new = self.Model.new({"secret": PLAIN})
        self.assertEqual(new.secret, PLAIN)
        self.assertNotIn(PLAIN, str(dict(cache)))

    def test_text_that_looks_sealed_is_sealed_like_any_other(self):
        stolen = self.stored(self.record)
        other = self.Model.create({"secret": stolen})
        self.assert_secret(other, stolen)

    def test_mask_changes_nothing(self):
        before = self.stored(self.record)
        self.record.write({"secret": MASK, "name": "Renamed"})
        self.record.secret = MASK
        self.assertEqual(self.stored(self.record), before)
        self.assertEqual(self.record.name, "Renamed")
        self.assert_secret(self.record, PLAIN)

    def test_mask_on_many_records_changes_none(self):
        other = self.Model.create({"secret": "other"})
        (self.record + other).write({"secret": MASK})
        self.assertEqual((self.record + other).mapped("secret"), [PLAIN, "other"])

    def test_mask_on_an_empty_record_stays_empty(self):
        record = self.Model.create({"secret": MASK})
        self.assertFalse(self.stored(record))
        record.write({"secret": MASK})
        self.assertFalse(self.stored(record))

    def test_empty_clears(self):
        for empty in (False, None, ""):
            self.record.secret = PLAIN
            self.record.write({"secret": empty})
            self.assertIs(self.record.secret, False)
            self.assertIsNone(self.stored(self.record))

    def test_default_is_made_on_the_server_and_not_shown(self):
        record = self.Model.create({})
        self.assert_secret(record, "made here", "generated")
        shown = self.Model.default_get(["generated"])
        self.assertEqual(shown, {"generated": MASK})
        # a form sends the mask back
        record = self.Model.create({"generated": MASK})
        self.assert_secret(record, "made here", "generated")

    def test_many_records_at_once(self):
        records = self.Model.create([{"secret": f"s{i}"} for i in range(50)])
        self.env.invalidate_all()
        self.assertEqual(records.mapped("secret"), [f"s{i}" for i in range(50)])
        records.write({"secret": "same"})
        self.env.invalidate_all()
        self.assertEqual(set(records.mapped("secret")), {"same"})

    def test_reading_costs_no_query_per_record(self):
        records = self.Model.create([{"secret": f"s{i}"} for i in range(80)])
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            records.mapped("secret")

    def test_copy_does_not_take_secrets_along(self):
        self.assertFalse(self.record.copy().secret)

    # === Forms === #

    def form(self, record):
        view = self.env["ir.ui.view"].create(
            {
                "model": "crm.test.secret",
                "arch": """<form>
                    <field name="name"/><field name="secret"/>
                    <field name="generated"/>
                    <field name="parent_id"/><field name="parent_secret"/>
                </form>""",
            }
        )
        return Form(record, view=view)

    def test_form_saved_untouched_changes_nothing(self):
        before = self.stored(self.record)
        with self.form(self.record) as form:
            self.assertEqual(form.secret, MASK)
            form.name = "Renamed"
        self.assertEqual(self.stored(self.record), before)

    def test_form_replaces_and_clears(self):
        with self.form(self.record) as form:
            form.secret = "typed"
        self.assert_secret(self.record, "typed")
        with self.form(self.record) as form:
            form.secret = False
        self.assertIsNone(self.stored(self.record))

    def test_new_form_keeps_the_default_it_cannot_see(self):
        with self.form(self.Model) as form:
            self.assertEqual(form.generated, MASK)
            form.secret = "typed"
        self.assert_secret(form.record, "typed")
        self.assert_secret(form.record, "made here", "generated")

    # === Related fields === #

    def test_related_secret_is_the_same_secret(self):
        child = self.Model.create({"parent_id": self.record.id})
        self.assertEqual(child.parent_secret, PLAIN)
        self.assertEqual(child.read(["parent_secret"])[0]["parent_secret"], MASK)
        child.parent_secret = "through the child"
        self.assert_secret(self.record, "through the child")
        child.write({"parent_secret": MASK})
        self.assert_secret(self.record, "through the child")
        child.write({"parent_secret": False})
        self.assertFalse(self.stored(self.record))

    def test_creation_through_a_related_secret(self):
        before = self.stored(self.record)
        self.Model.create({"parent_id": self.record.id, "parent_secret": MASK})
        self.assertEqual(self.stored(self.record), before)
        self.Model.create({"parent_id": self.record.id, "parent_secret": "new"})
        self.assert_secret(self.record, "new")

    def test_form_of_a_related_secret(self):
        child = self.Model.create({"parent_id": self.record.id})
        before = self.stored(self.record)
        with self.form(child) as form:
            self.assertEqual(form.parent_secret, MASK)
            form.name = "Child"
        self.assertEqual(self.stored(self.record), before)
        with self.form(child) as form:
            form.parent_secret = "typed"
        self.assert_secret(self.record, "typed")

    # === Searching === #

    def test_search_only_tells_set_from_not_set(self):
        empty = self.Model.create({"name": "Empty"})
        both = self.record + empty
        found = self.Model.search([("id", "in", both.ids), ("secret", "!=", False)])
        self.assertEqual(found, self.record)
        found = self.Model.search([("id", "in", both.ids), ("secret", "=", False)])
        self.assertEqual(found, empty)

    def test_search_for_a_value_is_refused(self):
        sealed = self.stored(self.record)
        for operator, value in (
            ("=", PLAIN),
            ("!=", PLAIN),
            ("=", sealed),
            ("in", [PLAIN, False]),
            ("like", "sk_"),
            ("=ilike", "enc1%"),
            (">", "a"),
        ):
            for field in ("secret", "child_ids.secret", "parent_id.secret"):
                with (
                    self.subTest(field=field, operator=operator),
                    self.assertRaises(UserError),
                ):
                    self.Model.search([(field, operator, value)])

    def test_grouping_and_aggregating_are_refused(self):
        for groupby, aggregates in (
            (["secret"], ["__count"]),
            (["parent_id.secret"], ["__count"]),
            ([], ["secret:array_agg"]),
            ([], ["secret:max"]),
            ([], ["secret:count_distinct"]),
        ):
            with self.subTest(groupby=groupby), self.assertRaises(UserError):
                self.Model._read_group([], groupby, aggregates)
        self.assertTrue(self.Model._read_group([], ["parent_id"], ["__count"]))

    def test_field_tells_the_screens_what_it_cannot_do(self):
        info = self.Model.fields_get(["secret"])["secret"]
        self.assertEqual(info["type"], "text")
        for ability in ("searchable", "sortable", "groupable", "exportable"):
            self.assertFalse(info[ability], ability)

    def test_every_kind_of_view_opens(self):
        kinds = ("list", "form", "kanban", "search", "pivot", "graph")
        answer = self.Model.get_views([(False, kind) for kind in kinds])
        self.assertEqual(set(answer["views"]), set(kinds))

    def test_unsupported_attributes_are_refused_when_declared(self):
        for attribute in ("translate", "index", "tracking", "compute"):
            with self.assertRaises(TypeError):
                EncryptedText(**{attribute: True})


@tagged("post_install", "-at_install")
class TestRedeclaredField(SecretModelCase):
    """A clear Char of another module becomes a secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class Provider(models.Model):
            _module = None
            _name = "crm.test.provider"
            _inherit = ["mail.thread"]
            _description = "Provider of another module"

            name = fields.Char()
            api_key = fields.Char(
                "Key of the API",
                size=200,
                required_for="someone",
                groups="base.group_system",
                help="Found in the dashboard",
                tracking=True,
                index=True,
            )

            def _valid_field_parameter(self, field, name):
                return name == "required_for" or super()._valid_field_parameter(
                    field, name
                )

        cls.add_models(Provider)
        cls.clear = cls.env["crm.test.provider"].create(
            [{"api_key": f"clear {i}"} for i in range(7)]
            + [{"api_key": False}, {"api_key": ""}]
        )
        cls.env.flush_all()

        class SecretProvider(models.Model):
            _module = None
            _name = "crm.test.provider"
            _inherit = ["crm.test.provider"]

            api_key = EncryptedText()

        cls.add_models(SecretProvider)
        cls.Provider = cls.env["crm.test.provider"]
        cls.clear = cls.Provider.browse(cls.clear.ids)

    def test_column_becomes_text_and_its_values_sealed(self):
        self.env.cr.execute(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name = 'crm_test_provider' AND column_name = 'api_key'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], "text")
        for record in self.clear[:7]:
            self.assertRegex(self.stored(record, "api_key"), "^enc1:")
        self.assertFalse(
            any(self.stored(record, "api_key") for record in self.clear[7:])
        )
        self.assertEqual(
            self.clear.mapped("api_key"), [f"clear {i}" for i in range(7)] + [False] * 2
        )

    def test_first_module_keeps_its_say(self):
        field = self.Provider._fields["api_key"]
        self.assertEqual(field.string, "Key of the API")
        self.assertEqual(field.help, "Found in the dashboard")
        self.assertEqual(field.groups, "base.group_system")
        self.assertEqual(field.required_for, "someone")
        self.assertFalse(field.copy)

    def test_what_would_spread_the_secret_is_dropped(self):
        field = self.Provider._fields["api_key"]
        self.assertFalse(getattr(field, "tracking", False))
        self.assertFalse(field.index)
        record = self.clear[0]
        record.api_key = "new value"
        self.env.cr.precommit.run()
        self.assertFalse(record.message_ids.tracking_value_ids)

    def test_values_that_stayed_clear_are_never_given_out(self):
        record = self.clear[0]
        self.env.cr.execute(
            "UPDATE crm_test_provider SET api_key = 'still clear' WHERE id = %s",
            [record.id],
        )
        self.env.invalidate_all()
        self.assertIs(record.api_key, False)
        self.assertEqual(record.read(["api_key"])[0]["api_key"], MASK)
        secrets = self.env["crm.secret"]
        counts = secrets._encrypt_column("crm.test.provider", "api_key")
        self.assertEqual((counts["sealed"], counts["unreadable"]), (1, 0))
        self.assertEqual(record.api_key, "still clear")

    def test_core_gets_its_clear_column_back(self):
        lost = self.clear[6]
        self.env.cr.execute(
            "UPDATE crm_test_provider SET api_key = 'enc1:00000000:x' WHERE id = %s",
            [lost.id],
        )
        self.env["crm.secret"]._decrypt_column("crm.test.provider", "api_key")
        self.assertEqual(
            [self.stored(record, "api_key") for record in self.clear[:7]],
            [f"clear {i}" for i in range(6)] + [None],
        )


@tagged("post_install", "-at_install")
class TestSettingsPage(SecretModelCase):
    """A secret of the company in the settings, which write all they show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class Company(models.Model):
            _module = None
            _name = "res.company"
            _inherit = ["res.company"]

            crm_test_key = EncryptedText()

        class Settings(models.TransientModel):
            _module = None
            _name = "res.config.settings"
            _inherit = ["res.config.settings"]

            crm_test_key = EncryptedText(
                related="company_id.crm_test_key", readonly=False
            )

        cls.add_models(Company, Settings)
        cls.company = cls.env.company
        cls.company.crm_test_key = PLAIN
        cls.env.flush_all()

    def save(self, **values):
        settings = self.env["res.config.settings"]
        spec = {"crm_test_key": {}, "company_id": {}}
        shown = settings.onchange({}, [], spec)["value"]
        self.assertEqual(shown["crm_test_key"], MASK)
        sent = {"company_id": self.company.id, "crm_test_key": shown["crm_test_key"]}
        settings.create({**sent, **values}).execute()
        self.env.invalidate_all()

    def test_saved_untouched(self):
        before = self.stored(self.company, "crm_test_key")
        self.save()
        self.assertEqual(self.stored(self.company, "crm_test_key"), before)

    def test_saved_untouched_with_a_wrong_key(self):
        before = self.stored(self.company, "crm_test_key")
        self.use_key(Fernet.generate_key().decode())
        self.save()
        self.assertEqual(self.stored(self.company, "crm_test_key"), before)

    def test_changed_and_cleared(self):
        self.save(crm_test_key="typed")
        self.assertEqual(self.company.crm_test_key, "typed")
        self.save(crm_test_key=False)
        self.assertIsNone(self.stored(self.company, "crm_test_key"))
