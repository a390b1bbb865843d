import csv
import io
import os
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from odoo.addons.l10n_fr_crm_billing.lib.fec.columns import STANDARD
from odoo.addons.l10n_fr_crm_billing.lib.fec.findings import CASES
from odoo.addons.l10n_fr_crm_billing.models import crm_fec_check, fec_spool
from odoo.addons.l10n_fr_crm_billing.models.crm_fec_sentences import (
    RULES,
    SENTENCES,
)

NAME = "732829320FEC20251231.txt"
GOOD = "\n".join(
    [
        "\t".join(STANDARD),
        "VE\tVentes\t1\t20250115\t411000\tClients\tC1\tMartin\tF1\t20250115\tFacture"
        "\t1200,00\t0,00\t\t\t20250131\t\t",
        "VE\tVentes\t1\t20250115\t706000\tServices\t\t\tF1\t20250115\tFacture"
        "\t0,00\t1200,00\t\t\t20250131\t\t",
        "",
    ]
).encode()
BAD = GOOD.replace(b"411000", b"=cmd()").replace(b"\t0,00\t1200", b"\t0,00\t1190")


class FecCheckMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Cabinet Fec"})
        cls.other = cls.env["res.company"].create({"name": "Cabinet Voisin"})
        cls.users = {
            "manager": cls.add_user("manager", "account.group_account_manager"),
            "admin": cls.add_user("admin", "crm_base.crm_base_group_admin"),
            "billing": cls.add_user("billing", "account.group_account_invoice"),
            "seller": cls.add_user("seller", "crm_base.crm_base_group_seller"),
            "portal": cls.add_user("portal", "base.group_portal"),
        }
        cls.users["neighbour"] = cls.add_user(
            "neighbour", "account.group_account_manager", cls.other
        )

    @classmethod
    def add_user(cls, name, group, company=None):
        company = company or cls.company
        login = f"fec_check_{name}"
        groups = group if group == "base.group_portal" else f"base.group_user,{group}"
        return new_test_user(
            cls.env,
            login,
            groups,
            password=f"{login}-pw",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def checks(self, who):
        return self.env["crm.fec.check"].with_user(self.users[who])

    def upload(self, content=GOOD, who="manager", name=NAME):
        return self.checks(who)._receive_upload(name, io.BytesIO(content))

    def folder_names(self):
        return {path.name for path in fec_spool.folder(self.env.cr.dbname).iterdir()}


@tagged("post_install", "-at_install")
class TestFecCheck(FecCheckMixin, TransactionCase):
    def test_every_case_has_its_sentence_and_every_rule_its_name(self):
        self.assertEqual(set(SENTENCES), set(CASES))
        self.assertEqual(set(RULES), {rule for rule, _severity in CASES.values()})

    def test_a_good_file_is_said_to_be_good(self):
        check = self.upload()
        self.assertEqual(
            (check.state, check.verdict, check.tool_verdict),
            ("done", "clean", "conforming"),
        )
        self.assertEqual((check.line_count, check.entry_count), (3, 1))
        self.assertEqual((check.debit, check.credit), (1200, 1200))
        self.assertEqual(check.siren, "732829320")
        self.assertFalse(check.finding_ids)

    def test_both_verdicts_rules_and_lines_are_shown(self):
        check = self.upload(BAD)
        self.assertEqual((check.verdict, check.tool_verdict), ("errors", "conforming"))
        self.assertEqual(check.tool_kinds, "A")
        rules = {rule.rule: rule.count for rule in check.rule_ids}
        self.assertEqual(rules, {"ACCOUNT": 1, "BALANCE": 2})
        self.assertEqual(check.error_count, 3)
        account = check.finding_ids.filtered(lambda one: one.rule == "ACCOUNT")
        self.assertEqual((account.line, account.column), (2, "CompteNum"))
        self.assertIn("=cmd()", account.message)
        self.assertTrue(account.text.startswith("VE\tVentes\t1"))
        balance = check.finding_ids.filtered(lambda one: one.case == "balance_entry")
        self.assertIn("=cmd()", balance.text)
        action = check.rule_ids[0].action_open_findings()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(found.mapped("rule")), {check.rule_ids[0].rule})
        self.assertEqual(check.action_open_findings()["domain"][0][2], check.id)

    def test_the_reader_gets_his_language(self):
        if not self.env["res.lang"]._get_data(code="fr_FR"):
            self.env["res.lang"]._activate_lang("fr_FR")
        check = self.upload(BAD).with_context(lang="fr_FR")
        account = check.finding_ids.filtered(lambda one: one.rule == "ACCOUNT")
        self.assertEqual(account.rule_name, "Numéros de compte")
        self.assertIn("trois chiffres", account.message)
        self.assertEqual(check.tool_detail, "A (anomalie)")
        balance = check.finding_ids.filtered(lambda one: one.case == "balance_file")
        self.assertIn("1\u202f200,00", balance.message.replace("\xa0", "\u202f"))

    def test_the_uploaded_file_is_deleted_once_read(self):
        check = self.upload()
        self.env.cr.postcommit.run()
        self.assertFalse(check.sudo().spool_token)
        self.assertFalse(check.has_file)
        with self.assertRaisesRegex(UserError, "deleted"):
            check.action_download_trial()

    def test_a_long_file_is_read_in_the_background(self):
        with patch.object(crm_fec_check, "DIRECT_BYTES", 10):
            check = self.upload()
        self.assertEqual(check.state, "waiting")
        token = check.sudo().spool_token
        self.assertIn(token, self.folder_names())
        jobs = self.env["queue.job"].sudo().search([("model_name", "=", check._name)])
        mine = jobs.filtered(lambda job: check.id in job.records.ids)
        self.assertEqual(mine.method_name, "_job_check")
        check.sudo()._job_check()
        self.assertEqual((check.state, check.verdict), ("done", "clean"))
        check.sudo()._job_check()
        self.env.cr.postcommit.run()
        self.assertNotIn(token, self.folder_names())

    def test_a_file_that_vanished_is_a_failure_with_a_way_out(self):
        with patch.object(crm_fec_check, "DIRECT_BYTES", 10):
            check = self.upload()
        check.sudo()._get_path().unlink()
        with self.assertLogs("odoo.addons.l10n_fr_crm_billing", "ERROR"):
            check.sudo()._job_check()
        self.assertEqual(check.state, "failed")
        self.assertIn("again", check.trouble)

    def test_nothing_stays_longer_than_needed(self):
        with patch.object(crm_fec_check, "DIRECT_BYTES", 10):
            young, old = self.upload(), self.upload()
        orphan = fec_spool.path_of(self.env.cr.dbname, fec_spool.new_token())
        orphan.write_bytes(GOOD)
        past = fields.Datetime.now() - timedelta(days=2)
        os.utime(orphan, (past.timestamp(), past.timestamp()))
        old_path = old.sudo()._get_path()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_fec_check SET create_date = %s WHERE id = %s", [past, old.id]
        )
        self.env.invalidate_all()
        self.env["crm.fec.check"]._gc_files()
        self.env.cr.postcommit.run()
        self.assertFalse(orphan.exists())
        self.assertFalse(old_path.exists())
        self.assertTrue(young.sudo()._get_path().exists())
        self.env.cr.execute(
            "UPDATE crm_fec_check SET create_date = %s WHERE id = %s",
            [past - timedelta(days=40), old.id],
        )
        self.env["crm.fec.check"]._gc_files()
        self.assertFalse(old.exists())
        path = young.sudo()._get_path()
        young.unlink()
        self.env.cr.postcommit.run()
        self.assertFalse(path.exists())

    def test_a_spool_token_is_no_path(self):
        for token in ("", "../../etc/passwd", "a" * 31, None):
            with self.assertRaises(ValueError):
                fec_spool.path_of(self.env.cr.dbname, token)

    def test_the_report_is_a_table_that_runs_nothing(self):
        check = self.upload(BAD)
        text = "".join(check._iter_report_lines())
        self.assertTrue(text.startswith("\ufeff"))
        rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
        self.assertEqual(len(rows), 4)
        self.assertEqual({len(row) for row in rows}, {6})
        self.assertFalse([cell for row in rows for cell in row if cell[:1] == "="])

    def test_who_may_what(self):
        check = self.upload()
        admins = self.upload(who="admin")
        self.assertEqual(admins.company_id, self.company)
        for who in ("manager", "admin"):
            mine = self.checks(who).browse(check.id)
            self.assertEqual(mine.name, NAME)
            with self.assertRaises(AccessError):
                mine.write({"verdict": "clean"})
        for who in ("billing", "seller", "portal"):
            with self.assertRaises(AccessError):
                self.upload(who=who)
            with self.assertRaises(AccessError):
                self.checks(who).browse(check.id).read(["name"])
        self.assertFalse(self.checks("neighbour").search([("id", "=", check.id)]))
        with self.assertRaises(AccessError):
            self.checks("neighbour").browse(check.id).read(["name"])
        with self.assertRaises(AccessError):
            check.with_user(self.users["manager"]).read(["spool_token"])

    def test_the_list_costs_the_same_for_few_and_many(self):
        counts = []
        for total in (5, 25):
            while len(self.checks("manager").search([])) < total:
                self.upload(BAD)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            specification = {
                name: {} for name in ("name", "verdict", "tool_verdict", "error_count")
            }
            self.checks("manager").web_search_read([], specification)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestFecRoutes(FecCheckMixin, HttpCase):
    def login(self, who):
        self.authenticate(self.users[who].login, f"{self.users[who].login}-pw")

    def send(self, content=GOOD, name=NAME, **values):
        data = {"csrf_token": Request.csrf_token(self), **values}
        return self.url_open(
            "/l10n_fr_crm_billing/fec/upload",
            data=data,
            files={"ufile": (name, io.BytesIO(content), "text/plain")},
        )

    def test_a_file_is_sent_checked_and_its_report_fetched(self):
        self.login("manager")
        answer = self.send(BAD, "../x/" + NAME, company_id=str(self.company.id))
        check = self.env["crm.fec.check"].browse(answer.json()["id"])
        self.assertEqual((check.name, check.verdict), (NAME, "errors"))
        self.assertEqual(check.user_id, self.users["manager"])
        report = self.url_open(f"/l10n_fr_crm_billing/fec/{check.id}/report")
        self.assertEqual(report.status_code, 200)
        self.assertIn("attachment", report.headers["Content-Disposition"])
        self.assertIn("CompteNum", report.text)
        for what, status in (("fec", 409), ("description", 409), ("other", 404)):
            page = self.url_open(f"/l10n_fr_crm_billing/fec/{check.id}/{what}")
            self.assertEqual(page.status_code, status)

    def test_bad_requests_are_answered_with_a_sentence(self):
        self.login("manager")
        # The sentence comes in the language of the site.
        self.assertTrue(self.send(company_id=str(self.other.id)).json()["error"])
        self.login("seller")
        self.assertTrue(self.send().json()["error"]["message"])
        self.assertFalse(self.env["crm.fec.check"].search([("name", "=", NAME)]))

    def test_nobody_else_downloads(self):
        check = self.upload()
        path = f"/l10n_fr_crm_billing/fec/{check.id}/report"
        for who in ("seller", "billing", "portal", "neighbour"):
            self.login(who)
            self.assertEqual(self.url_open(path).status_code, 404, who)
        self.logout()
        self.assertIn("/web/login", self.url_open(path).url)
