import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningPreview(DunningCommon):
    """What a run would do is shown; nothing happens."""

    def _preview(self, day, **values):
        preview = (
            self.env["crm.dunning.preview"]
            .with_user(self.catherine)
            .create({"company_id": self.company.id, "date": day, **values})
        )
        preview.action_refresh()
        return preview

    def test_a_dry_run_shows_and_writes_nothing(self):
        first, second = self.make_invoice(), self.make_invoice(amount=300)
        nobody = self.make_client("No Mail", email=False)
        third = self.make_invoice(nobody)
        counted = ("crm.dunning.line", "crm.dunning.message", "mail.mail")
        before = [self.env[m].sudo().search_count([]) for m in counted]
        with freeze_time("2026-04-17 10:00:00"):
            preview = self._preview("2026-04-20")
            self.assertEqual((preview.message_count, preview.task_count), (1, 1))
            self.assertEqual(preview.line_ids.move_id, first + second + third)
            self.assertFalse(self._preview("2026-04-18").line_ids)
            waiting = self._preview("2026-04-25", is_all=True)
        self.assertEqual(set(waiting.line_ids.mapped("action")), {"wait"})
        self.assertIn("closed day", waiting.line_ids[0].explanation)
        after = [self.env[m].sudo().search_count([]) for m in counted]
        self.assertEqual(after, before)

    def test_it_equals_what_then_leaves(self):
        clients = [self.make_client(f"Client{n}") for n in range(4)]
        for n, client in enumerate(clients):
            self.make_invoice(client, due=f"2026-04-{10 + n}")
        self.env["crm.dunning.pause"].create(
            {
                "kind": "exclusion",
                "reason": "Friend",
                "partner_id": clients[0].id,
                "company_id": self.company.id,
            }
        )
        with freeze_time("2026-04-17 10:00:00"):
            preview = self._preview("2026-04-20")
        expected = preview.line_ids.partner_id
        self.run_day("2026-04-20")
        moves = self.env["account.move"].search(
            [("partner_id", "in", [c.id for c in clients])]
        )
        self.assertEqual(self.lines(moves).partner_id, expected)
        self.assertNotIn(clients[0], expected)

    def test_next_open_day_is_offered(self):
        with freeze_time("2026-04-17 10:00:00"):
            action = self.env["crm.dunning.preview"].with_user(self.catherine)._open()
            previews = self.env["crm.dunning.preview"].with_user(self.catherine)
            preview = previews.browse(action["res_id"])
            self.assertEqual(str(preview.date), "2026-04-20")
            preview.action_next_day()
            preview.action_previous_day()
            self.assertEqual(str(preview.date), "2026-04-20")

    def test_a_company_without_policy_is_told(self):
        self.policy.active = False
        self.company.country_id = self.env.ref("base.lu")
        preview = self._preview("2026-04-20")
        self.assertIn("no reminder policy", preview.trouble)


@tagged("post_install", "-at_install")
class TestDunningSituation(DunningCommon):
    def test_the_list_says_what_comes_next(self):
        move = self.make_invoice()
        other = self.make_invoice(self.make_client("Other"), due="2026-06-01")
        with freeze_time("2026-04-20 05:00:00"):
            self.assertEqual(str(move.dunning_next_on), "2026-04-20")
            self.assertEqual(move.dunning_next_step_id.name, "Firm")
            self.assertEqual(str(other.dunning_next_on), "2026-05-29")
        self.run_day("2026-04-20")
        move.invalidate_recordset()
        with freeze_time("2026-04-20 09:00:00"):
            self.assertEqual(str(move.dunning_next_on), "2026-05-13")
            self.assertIn("Notice", move.dunning_situation)
        self.assertEqual(move.dunning_count, 1)

    def test_the_number_of_queries_does_not_follow_the_list(self):
        def count(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            moves.mapped("dunning_next_on")
            return self.env.cr.sql_log_count - start

        few = self.env["account.move"].union(
            *[self.make_invoice(self.make_client(f"Few{n}")) for n in range(3)]
        )
        many = few.union(
            *[self.make_invoice(self.make_client(f"Many{n}")) for n in range(12)]
        )
        with freeze_time("2026-04-20 05:00:00"):
            count(few)
            self.assertLessEqual(count(many), count(few) + 2)


@tagged("post_install", "-at_install")
class TestDunningRunQueries(DunningCommon):
    def test_the_run_costs_a_bounded_number_of_queries_per_document(self):
        """Twice: 4 and 24 clients; what is added is a handful per client."""

        def run(prefix, size):
            moves = self.env["account.move"].union(
                *[
                    self.make_invoice(self.make_client(f"{prefix}{n}"))
                    for n in range(size)
                ]
            )
            ids = moves.commercial_partner_id.ids
            self.env.flush_all()
            self.env.invalidate_all()
            engine = self.env["crm.dunning.engine"].sudo()
            with freeze_time("2026-04-20 06:05:00"):
                start = self.env.cr.sql_log_count
                engine._run_clients(
                    self.company, ids, self.company._get_dunning_today()
                )
                self.env.flush_all()
                return self.env.cr.sql_log_count - start

        run("Warm", 2)
        few, many = run("Few", 4), run("Many", 24)
        self.assertLessEqual((many - few) / 20, 6)


@tagged("post_install", "-at_install")
class TestDunningImportScreen(DunningCommon):
    def _import(self, text):
        wizard = (
            self.env["crm.dunning.import"]
            .with_user(self.catherine)
            .with_company(self.company)
            .create(
                {
                    "company_id": self.company.id,
                    "policy_id": self.policy.id,
                    "content": base64.b64encode(text.encode()),
                }
            )
        )
        return wizard, wizard.action_import()

    def test_levels_of_another_tool_go_on_from_there(self):
        move = self.make_invoice()
        with freeze_time("2026-05-04 10:00:00"):
            self._import(f"facture;niveau;date\n{move.name};1;30/04/2026\n")
        self.assertEqual(self.lines(move).state, "imported")
        self.assertFalse(self.run_day("2026-05-05"))
        self.assertEqual(len(self.run_day("2026-05-13")), 1)
        self.assertEqual(self.lines(move)[-1].step_id.name, "Notice")

    def test_one_bad_row_and_nothing_is_imported(self):
        move, other = self.make_invoice(), self.make_invoice()
        paid = self.make_invoice()
        self.pay(paid)
        rows = [
            f"{move.name};1;30/04/2026",
            "F404;1;30/04/2026",
            f"{other.name};9;30/04/2026",
            f"{paid.name};1;30/04/2026",
            f"{move.name};2;30/04/2026",
            f"{other.name};1;31/04/2026",
        ]
        with freeze_time("2026-05-04 10:00:00"):
            wizard, _action = self._import("facture;niveau;date\n" + "\n".join(rows))
        self.assertFalse(self.lines(move + other + paid))
        self.assertEqual(
            [line.split(":")[0] for line in wizard.errors.splitlines()],
            ["Line 3", "Line 4", "Line 5", "Line 6", "Line 7"],
        )
        self.assertIn("F404", wizard.errors)

    def test_the_same_file_twice_is_refused(self):
        move = self.make_invoice()
        text = f"invoice,level,date\n{move.name},D+7,2026-04-30\n"
        with freeze_time("2026-05-04 10:00:00"):
            self._import(text)
            wizard, _action = self._import(text)
        self.assertIn("already has", wizard.errors)
        self.assertEqual(len(self.lines(move)), 1)

    def test_a_file_that_is_none_is_refused(self):
        for text, words in (
            ("\n", "empty"),
            ("a,b\n1,2\n", "must name the columns"),
            ("invoice,level,date\n", "no row"),
        ):
            with self.refused(words, UserError):
                self._import(text)

    def test_in_the_future_is_refused(self):
        move = self.make_invoice()
        with freeze_time("2026-04-01 10:00:00"):
            wizard, _action = self._import(
                f"invoice,level,date\n{move.name},1,2026-04-30\n"
            )
        self.assertIn("future", wizard.errors)


@tagged("post_install", "-at_install")
class TestDunningRights(DunningCommon):
    """Five roles, a neighbour, a client and nobody in particular."""

    MODELS = (
        "crm.dunning.policy",
        "crm.dunning.step",
        "crm.dunning.closure",
        "crm.dunning.line",
        "crm.dunning.message",
        "crm.dunning.pause",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        here = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        roles = {
            "seller": "crm_base.crm_base_group_seller",
            "nocode": "crm_base.crm_base_group_nocode",
            "automation": "crm_base.crm_base_group_automation",
            "admin": "crm_base.crm_base_group_admin",
            "accountant": "account.group_account_invoice",
            "manager": "account.group_account_manager",
            "portal": "base.group_portal",
        }
        cls.users = {
            name: new_test_user(cls.env, f"dun_{name}", groups=group, **here)
            for name, group in roles.items()
        }
        cls.users["anonymous"] = cls.env.ref("base.public_user")
        other = cls.env["res.company"].create({"name": "Neighbour"})
        cls.users["neighbour"] = new_test_user(
            cls.env,
            "dun_neighbour",
            groups="crm_base.crm_base_group_admin,account.group_account_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        cls.move = cls.make_invoice(invoice_user_id=cls.users["seller"].id)
        cls.foreign = cls.make_invoice(cls.make_client("Not Hers"))

    def setUp(self):
        super().setUp()
        self.run_day("2026-04-20")
        self.pause = self.env["crm.dunning.pause"].create(
            {"kind": "exclusion", "reason": "Friend", "move_id": self.foreign.id}
        )

    def _readable(self, user, model):
        records = self.env[model].with_user(self.users[user])
        try:
            return len(records.search([]))
        except AccessError:
            return None

    def test_who_reads_what_left(self):
        self.assertEqual(self._readable("accountant", "crm.dunning.line"), 2)
        self.assertEqual(self._readable("admin", "crm.dunning.line"), 2)
        self.assertEqual(self._readable("seller", "crm.dunning.line"), 1)
        self.assertEqual(self._readable("seller", "crm.dunning.pause"), 0)
        self.assertEqual(self._readable("neighbour", "crm.dunning.line"), 0)
        self.assertEqual(self._readable("neighbour", "crm.dunning.message"), 0)
        for nobody in ("nocode", "automation", "portal", "anonymous"):
            for model in self.MODELS:
                self.assertIsNone(self._readable(nobody, model), (nobody, model))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_writes_the_history(self):
        line = self.lines(self.move)
        for name, user in self.users.items():
            for record in (line, line.message_id):
                with self.assertRaises(AccessError, msg=name):
                    record.with_user(user).unlink()
            with self.assertRaises(AccessError, msg=name):
                line.with_user(user).write({"note": "x"})
            with self.assertRaises(AccessError, msg=name):
                line.with_user(user).copy()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_configures(self):
        may = {"admin", "manager"}
        for name, user in self.users.items():
            policy = self.policy.with_user(user)
            if name in may:
                policy.gap_days = 6
                policy.with_company(self.company).action_stop()
                continue
            with self.assertRaises(AccessError, msg=name):
                policy.gap_days = 6
            with self.assertRaises(AccessError, msg=name):
                policy.action_stop()
            if name != "accountant":
                with self.assertRaises(AccessError, msg=name):
                    self.env["crm.dunning.preview"].with_user(user).create(
                        {"company_id": self.company.id}
                    )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_holds_back(self):
        for name, user in self.users.items():
            values = {"kind": "exclusion", "reason": "x", "move_id": self.move.id}
            pauses = self.env["crm.dunning.pause"].with_user(user)
            if name in ("accountant", "manager", "admin"):
                pauses.create({**values, "company_id": self.company.id})
                continue
            with self.assertRaises(AccessError, msg=name):
                pauses.create({**values, "company_id": self.company.id})

    def test_sellers_see_where_their_invoice_stands(self):
        move = self.move.with_user(self.users["accountant"])
        with freeze_time("2026-04-21 09:00:00"):
            self.assertIn("Notice", move.dunning_situation)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_sending_by_hand_needs_the_right_to_bill(self):
        for name in ("seller", "nocode", "portal", "anonymous", "neighbour"):
            with self.assertRaises(AccessError, msg=name):
                self.move.with_user(self.users[name]).action_dunning_send_now()
