from cryptography.fernet import Fernet

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_open

from .common import SecretKeyMixin

ROLES = ("seller", "nocode", "automation", "admin")


@tagged("post_install", "-at_install")
class TestRoles(TransactionCase):
    """Four roles on one privilege, the client is a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env, f"bas_{role}", groups=f"crm_base.crm_base_group_{role}"
            )
            for role in ROLES
        }
        cls.users["client"] = new_test_user(
            cls.env, "bas_client", groups="base.group_portal"
        )

    def test_who_has_which_role(self):
        expected = {
            "seller": {"seller"},
            "nocode": {"nocode"},
            "automation": {"automation"},
            "admin": set(ROLES),
            "client": set(),
        }
        for person, roles in expected.items():
            user = self.users[person]
            has = {r for r in ROLES if user.has_group(f"crm_base.crm_base_group_{r}")}
            self.assertEqual(has, roles, person)
            self.assertEqual(user._is_internal(), person != "client")
            self.assertFalse(user.has_group("base.group_system"), person)

    def test_one_choice_in_the_user_form(self):
        privilege = self.env.ref("crm_base.crm_base_privilege")
        hierarchy = self.env["res.groups"]._get_view_group_hierarchy()
        shown = hierarchy["privileges"][privilege.id]["group_ids"]
        expected = [self.env.ref(f"crm_base.crm_base_group_{r}").id for r in ROLES]
        self.assertEqual(shown, expected)
        category = self.env.ref("base.module_category_sales").id
        self.assertEqual(hierarchy["privileges"][privilege.id]["category_id"], category)
        for group in self.env["res.groups"].browse(shown):
            self.assertTrue(group.comment)

    def test_only_system_administrators_see_the_settings_of_secrets(self):
        for person, user in self.users.items():
            with self.assertRaises(AccessError, msg=person):
                self.env["res.config.settings"].with_user(user).create({})

    def test_nobody_reads_the_check_value(self):
        self.env["crm.secret"]._remember_key()
        for user in self.users.values():
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).search([]).read()

    def test_hooks_do_nothing_and_allow_everything(self):
        hook = self.env["crm.hook"].with_user(self.users["seller"])
        self.assertIsNone(hook._emit_event("lead.won", self.env.user, {"id": 1}))
        self.assertTrue(hook._check_entitlement("billing.link", self.env.company))


@tagged("post_install", "-at_install")
class TestSettings(SecretKeyMixin, TransactionCase):
    """What the system administrator sees and does."""

    def test_state_is_shown(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.crm_secret_status, "ok")
        self.use_key()
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.crm_secret_status, "missing")
        self.assertIn("CRM_SECRET_KEY_FILE", settings.crm_secret_message)

    def test_encrypting_again_tells_what_was_done(self):
        answer = self.env["res.config.settings"].create({}).action_encrypt_secrets()
        self.assertEqual(answer["tag"], "display_notification")

    def test_buttons_are_for_system_administrators(self):
        user = new_test_user(self.env, "x", groups="crm_base.crm_base_group_admin")
        settings = self.env["res.config.settings"].with_user(user)
        for button in (settings.action_encrypt_secrets, settings.action_forget_secrets):
            with self.assertRaises(AccessError):
                button()

    def test_neutralized_copy_forgets_the_key(self):
        self.env["crm.secret"]._remember_key()
        self.use_key(Fernet.generate_key().decode())
        self.assertEqual(self.env["crm.secret"]._status(), "wrong")
        with file_open("crm_base/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.registry.clear_all_caches()
        self.assertEqual(self.env["crm.secret"]._status(), "ok")
