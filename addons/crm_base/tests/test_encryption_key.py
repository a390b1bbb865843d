import os
import tempfile
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import keyring
from ..fields import MASK
from ..lib.crypto import fingerprint
from ..models import crm_secret
from ..models.crm_secret import CHECK_PARAMETER
from .common import SecretModelCase

OTHER_KEY = Fernet.generate_key().decode()


@tagged("post_install", "-at_install")
class TestEncryptionKey(SecretModelCase):
    """What happens without the right key, and how keys are changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secrets = cls.env["crm.secret"]
        cls.record = cls.Model.create({"name": "Account", "secret": "plain"})
        cls.child = cls.Model.create({"parent_id": cls.record.id})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # the database may hold secrets of other addons, sealed by its real key
        columns = self.secrets._encrypted_columns()
        ours = [column for column in columns if column[0] == "crm.test.secret"]
        self.patch(type(self.secrets), "_encrypted_columns", lambda _self: ours)

    def test_columns_are_found(self):
        self.assertEqual(
            [field for _model, field in self.secrets._encrypted_columns()],
            ["generated", "guarded", "secret"],
        )

    def test_right_key(self):
        self.assertEqual(self.secrets._status(), "ok")
        self.assertIn(fingerprint(self.secret_key), self.secrets._explain())
        self.assertNotIn(self.secret_key, self.secrets._explain())

    def assert_feature_off(self, status, words):
        before = self.stored(self.record)
        self.assertEqual(self.secrets._status(), status)
        self.assertIn(words, self.secrets._explain())
        # lists, forms and code survive
        self.assertIs(self.record.secret, False)
        self.assertIs(self.child.parent_secret, False)
        records = self.record + self.child
        shown = records.read(["secret", "parent_secret"])
        self.assertEqual([row["secret"] for row in shown], [MASK, False])
        self.assertEqual([row["parent_secret"] for row in shown], [False, MASK])
        # what nobody can read cannot be overwritten by accident
        self.child.write({"name": "x", "parent_secret": MASK})
        self.record.write({"name": "y", "secret": MASK})
        self.assertEqual(self.stored(self.record), before)
        for change in (
            lambda: self.record.write({"secret": "new"}),
            lambda: self.Model.create({"secret": "new", "generated": False}),
            lambda: self.child.write({"parent_secret": "new"}),
        ):
            with self.assertRaisesRegex(UserError, words):
                change()
        # clearing needs no key
        self.record.secret = False
        self.assertIsNone(self.stored(self.record))

    def test_missing_key(self):
        self.use_key()
        self.assert_feature_off("missing", "CRM_SECRET_KEY_FILE")

    def test_wrong_key(self):
        self.use_key(OTHER_KEY)
        self.assert_feature_off("wrong", fingerprint(self.secret_key))
        self.assertIn(fingerprint(OTHER_KEY), self.secrets._explain())

    def test_malformed_key(self):
        self.use_key("not a key")
        self.assert_feature_off("missing", "Fernet")

    def test_messages_in_french(self):
        self.use_key()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["crm_base"], ["fr_FR"])
        french = self.secrets.with_context(lang="fr_FR")
        self.assertIn("Clé de chiffrement absente", french._explain())
        self.use_key(OTHER_KEY)
        self.assertIn("Mauvaise clé de chiffrement", french._explain())

    def test_former_key_still_opens(self):
        self.use_key(OTHER_KEY, self.secret_key)
        self.assertEqual(self.secrets._status(), "ok")
        self.assertEqual(self.record.secret, "plain")

    def test_first_secret_remembers_the_key(self):
        self.env["ir.config_parameter"].set_param(CHECK_PARAMETER, False)
        self.assertEqual(self.secrets._status(), "ok")
        self.record.secret = "first"
        self.assertTrue(self.env["ir.config_parameter"].get_param(CHECK_PARAMETER))
        self.use_key(OTHER_KEY)
        self.assertEqual(self.secrets._status(), "wrong")

    # === Rotation === #

    def test_rotation(self):
        self.patch(crm_secret, "BATCH_ROWS", 10)
        records = self.Model.create([{"secret": f"s{i}"} for i in range(25)])
        self.env.flush_all()
        self.use_key(OTHER_KEY, self.secret_key)
        done = self.secrets._rotate_all(commit=False)
        self.assertEqual(done["unreadable"], 0)
        self.assertGreaterEqual(done["sealed"], 26)
        self.assertEqual(
            self.secrets._rotate_all(commit=False), {"sealed": 0, "unreadable": 0}
        )
        # the former key is not needed any more
        self.use_key(OTHER_KEY)
        self.assertEqual(self.secrets._status(), "ok")
        self.assertEqual(records.mapped("secret"), [f"s{i}" for i in range(25)])
        self.assertEqual(self.child.parent_secret, "plain")

    def test_interrupted_rotation_goes_on(self):
        self.patch(crm_secret, "BATCH_ROWS", 5)
        records = self.Model.create([{"secret": f"s{i}"} for i in range(25)])
        self.env.flush_all()
        self.use_key(OTHER_KEY, self.secret_key)
        update, batches = type(self.secrets)._write_batch, []

        def break_down(secrets, *args):
            if len(batches) == 2:
                raise InterruptedError
            batches.append(args)
            update(secrets, *args)

        with (
            patch.object(type(self.secrets), "_write_batch", break_down),
            self.assertRaises(InterruptedError),
        ):
            self.secrets._rotate_all(commit=False)
        # both keys are still configured: everything is readable half way
        self.env.invalidate_all()
        self.assertEqual(records.mapped("secret"), [f"s{i}" for i in range(25)])
        self.assertEqual(self.secrets._status(), "ok")
        self.secrets._rotate_all(commit=False)
        self.use_key(OTHER_KEY)
        self.assertEqual(records.mapped("secret"), [f"s{i}" for i in range(25)])

    def test_rotation_counts_what_it_cannot_read(self):
        before = self.stored(self.record)
        lost = before.replace(fingerprint(self.secret_key), "00000000")
        self.env.cr.execute(
            "UPDATE crm_test_secret SET secret = %s WHERE id = %s",
            [lost, self.record.id],
        )
        self.env.invalidate_all()
        done = self.secrets._rotate_all(commit=False)
        self.assertEqual(done["unreadable"], 1)
        self.assertEqual(self.stored(self.record), lost)

    def test_rotation_with_a_wrong_key_is_refused(self):
        self.use_key(OTHER_KEY)
        with self.assertRaises(UserError):
            self.secrets._rotate_all(commit=False)

    def test_lost_key(self):
        """The secrets of the lost key are emptied, the others stay, work goes on."""
        self.use_key(OTHER_KEY, self.secret_key)
        newer = self.Model.create({"secret": "newer"})
        self.env.flush_all()
        self.use_key(OTHER_KEY)
        self.env["res.config.settings"].create({}).action_forget_secrets()
        self.assertEqual(self.secrets._status(), "ok")
        self.assertIsNone(self.stored(self.record))
        self.assertEqual(self.record.read(["secret"])[0]["secret"], False)
        self.assertEqual(newer.secret, "newer")
        self.record.secret = "entered again"
        self.assertEqual(self.record.secret, "entered again")

    def test_nothing_is_emptied_without_a_key(self):
        before = self.stored(self.record)
        self.use_key()
        with self.assertRaises(UserError):
            self.secrets._forget_unreadable()
        self.assertEqual(self.stored(self.record), before)

    # === Where keys come from === #

    def test_key_file_is_read_again_when_it_changes(self):
        self.use_key()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "secret.key")
            with patch.dict(os.environ, {"CRM_SECRET_KEY_FILE": path}):
                self.assertEqual(keyring.load().problem, "missing")
                self._write(path, f"# made by hand\n{self.secret_key}\n")
                self.assertEqual(self.record.secret, "plain")
                self._write(path, f"{OTHER_KEY}\n")
                self.assertEqual(self.secrets._status(), "wrong")
                self._write(path, f"{OTHER_KEY}\n{self.secret_key}\n")
                self.assertEqual(self.record.secret, "plain")
                self._write(path, "")
                self.assertEqual(keyring.load().problem, "missing")
                self._write(path, "\xe9".encode("latin-1").decode("latin-1"))
                self.assertEqual(keyring.load().problem, "unreadable")

    def _write(self, path, text):
        with open(path, "w", encoding="utf-8") as key_file:
            key_file.write(text)
        self.env.invalidate_all()

    def test_variable_goes_before_file(self):
        with patch.dict(os.environ, {"CRM_SECRET_KEY_FILE": "/nowhere"}):
            self.assertEqual(keyring.load().source, "CRM_SECRET_KEY")
