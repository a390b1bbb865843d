"""A company with all the roles and one record of each kind to try them on."""

import itertools
from dataclasses import dataclass, field
from typing import ClassVar

from tests.e2e.office_ai import make_ai_subjects
from tests.e2e.office_assistant import make_assistant_subjects
from tests.e2e.office_copilot import make_copilot_subjects
from tests.e2e.office_meeting import make_meeting_subjects
from tests.e2e.office_quotes import make_quote_subjects
from tests.e2e.office_scoring import make_scoring_subjects
from tests.e2e.office_sign import make_sign_subjects
from tests.e2e.running_site import Rpc, RpcError, wait_until
from tests.e2e.stripe_world import Business

EXPORT = {"date_from": "2026-01-01", "date_to": "2026-12-31"}


@dataclass
class Subject:
    """A record to try things on.

    :param values: for a creation; an empty mapping when there is no use trying;
        `{n}` in a text stands for a number that is never the same
    :param update: a harmless write
    """

    model: str
    res_id: int
    values: dict = field(default_factory=dict)
    update: dict = field(default_factory=dict)
    numbers: ClassVar = itertools.count(1)

    def fresh_values(self) -> dict:
        """The values of one more record."""
        number = str(next(self.numbers))
        return {
            name: value.replace("{n}", number) if isinstance(value, str) else value
            for name, value in self.values.items()
        }


class Office:
    """One company with all the roles, next to another company."""

    def __init__(self, site, stripe):
        self.site = site
        self.business = Business(site, stripe, "Cabinet Role")
        self.business.open_account()
        self.business.save_keys()
        self.neighbour = Business(site, stripe, "Cabinet Voisin")
        self.user_ids: dict[str, int] = {"admin": self.business.user_id}
        self.roles = {
            "admin": self.business.rpc,
            "other_company": self.neighbour.rpc,
            "anonymous": Rpc(site.url, site.database),
        }
        for role in ("nocode", "automation", "seller"):
            self._add_user(role, f"crm_base.crm_base_group_{role}")
        self._add_user("portal", "base.group_portal")
        self._add_user("colleague", "base.group_user")
        self.subjects = self._make_subjects()

    def _add_user(self, role: str, group: str) -> None:
        admin = self.site.admin
        login = f"{role}@roles.example"
        self.user_ids[role] = admin.create(
            "res.users",
            name=role,
            login=login,
            password=login,
            company_id=self.business.company_id,
            company_ids=[(6, 0, [self.business.company_id])],
            group_ids=[(6, 0, [admin.ref(group)])],
        )
        self.roles[role] = self.site.login(login, login)

    def _lead(self, owner: str, **values) -> dict:
        return {
            "name": f"Affaire {owner}",
            "type": "opportunity",
            "partner_id": self.business.partner_id,
            "expected_revenue": 100,
            "company_id": self.business.company_id,
            "user_id": self.user_ids[owner],
            **values,
        }

    def _make_subjects(self) -> dict[str, Subject]:
        boss, company = self.business.rpc, self.business.company_id
        lead = self._lead("seller")
        lead_id = boss.create("crm.lead", **lead)
        self.business.ask_link(lead_id)
        link = boss.read("crm.lead", lead_id, "payment_link_id")["payment_link_id"][0]
        exchange, attempt = self._find_exchange()
        other = self._lead("admin")
        partner = {"name": "Client", "company_id": company}
        options = {"res_model": "crm.lead", "res_id": lead_id}
        connection = {"name": "Autre", "provider": "stripe", "company_id": company}
        intruder = {"name": "Intrus", "login": "intrus"}
        subjects = {
            "lead of the seller": Subject("crm.lead", lead_id, lead, {"priority": "1"}),
            "lead of a colleague": Subject(
                "crm.lead", boss.create("crm.lead", **other), other, {"priority": "1"}
            ),
            "payment link": Subject(
                "crm.payment.link", link, {"lead_id": lead_id}, {"state": "paid"}
            ),
            "payment link options": Subject(
                "crm.payment.link.wizard",
                boss.create("crm.payment.link.wizard", **options),
                options,
                {"validity_days": 3},
            ),
            "connection": Subject(
                "crm.connection",
                self.business.connection_id,
                connection,
                {"max_parallel": 3},
            ),
            "exchange": Subject(
                "crm.exchange", exchange, {"event": "x"}, {"state": "done"}
            ),
            "attempt of an exchange": Subject(
                "crm.exchange.attempt",
                attempt,
                {"exchange_id": exchange},
                {"http_status": 200},
            ),
            "user": Subject(
                "res.users", self.user_ids["colleague"], intruder, {"name": "Intrus"}
            ),
            "client": Subject(
                "res.partner", self.business.partner_id, partner, {"comment": "x"}
            ),
        }
        return subjects | self._make_more_subjects(lead_id, link)

    def _make_more_subjects(self, lead_id: int, link: int) -> dict[str, Subject]:
        """What the addons keep, one function each."""
        return {
            **self._make_plan_subjects(),
            **self._make_collection_subjects(),
            **self._make_reminder_subjects(),
            **self._make_payout_subjects(),
            **self._make_law_subjects(),
            **self._make_document_subjects(lead_id),
            **self._make_technical_subjects(link),
            **self._make_subjects_of_files(lead_id),
        }

    def _make_subjects_of_files(self, lead_id: int) -> dict[str, Subject]:
        """Those that have a file of their own."""
        return {
            **make_sign_subjects(self, Subject),
            **make_quote_subjects(self, Subject),
            **make_ai_subjects(self, Subject),
            **make_copilot_subjects(self, Subject, lead_id),
            **make_scoring_subjects(self, Subject, lead_id),
            **make_meeting_subjects(self, Subject, lead_id),
            **make_assistant_subjects(self, Subject, lead_id),
        }

    def _find_exchange(self) -> tuple[int, int]:
        """An exchange of the company and an attempt at one."""
        boss, company = self.business.rpc, self.business.company_id
        (exchange,) = boss.search("crm.exchange", ("company_id", "=", company), limit=1)
        (attempt,) = wait_until(
            lambda: boss.search("crm.exchange.attempt", limit=1), what="an attempt"
        )
        return exchange, attempt

    def _make_document_subjects(self, lead: int) -> dict[str, Subject]:
        """A template, and what the server alone writes: put in from below."""
        boss, company = self.business.rpc, self.business.company_id
        values = {
            "name": "Lettre",
            "res_model": "crm.lead",
            "body_html": "<p>{{ affaire.nom }}</p>",
            "company_id": company,
        }
        template = boss.create("crm.document.template", **values)
        (version,) = boss.search(
            "crm.document.version", ("template_id", "=", template), limit=1
        )
        document, share, visit = (
            int(self.site.sql(f"{row} RETURNING id").split()[0])
            for row in (
                "INSERT INTO crm_document (name, res_model, res_id, company_id, format,"
                " template_id, version_id, revision) VALUES ('Lettre', 'crm.lead',"
                f" {lead}, {company}, 'html', {template}, {version}, 1)",
                "INSERT INTO crm_document_share (name, document_id, company_id,"
                " token_hash, expires_at) SELECT 'Client', max(id), max(company_id),"
                " 'x', now() + interval '1 day' FROM crm_document",
                "INSERT INTO crm_document_visit (share_id, document_id, kind, at)"
                " SELECT max(id), max(document_id), 'opened', now()"
                " FROM crm_document_share",
            )
        )
        return {
            "document template": Subject(
                "crm.document.template", template, values, {"note": "x"}
            ),
            "version of a document template": Subject(
                "crm.document.version",
                version,
                {"template_id": template, "number": 9, "format": "html"},
                {"sha256": "x"},
            ),
            "document": Subject("crm.document", document, {"name": "x"}, {"name": "y"}),
            "link to a document": Subject(
                "crm.document.share", share, {"name": "x"}, {"name": "y"}
            ),
            "visit of a document": Subject(
                "crm.document.visit", visit, {"kind": "opened"}, {"kind": "opened"}
            ),
        }

    def _make_plan_subjects(self) -> dict[str, Subject]:
        plan, other = self._make_plan("draft"), self._make_plan("done")
        instalment = {"plan_id": plan, "date_due": "2026-03-31", "amount": 10}
        return {
            "instalment": Subject(
                "crm.instalment",
                self.business.rpc.create("crm.instalment", **instalment),
                instalment,
                {"amount": 11},
            ),
            "instalment plan": Subject(
                "crm.instalment.plan", other, {}, {"user_id": self.user_ids["admin"]}
            ),
        }

    def _make_collection_subjects(self) -> dict[str, Subject]:
        boss, company = self.business.rpc, self.business.company_id
        planned = {"name": "Loyer", "amount": 10, "company_id": company}
        file = {"partner_id": self.business.partner_id, "company_id": company}
        return {
            "planned movement": Subject(
                "crm.treasury.plan",
                boss.create("crm.treasury.plan", **planned),
                planned,
                {"note": "x"},
            ),
            "collection file": Subject(
                "crm.collection.file",
                boss.create("crm.collection.file", **file),
                file,
                {"partner_id": self.business.partner_id},
            ),
        }

    def _make_reminder_subjects(self) -> dict[str, Subject]:
        boss, company = self.business.rpc, self.business.company_id
        partner = self.business.partner_id
        policy = {"name": "Relances", "company_id": company}
        policy_id, spare = (boss.create("crm.dunning.policy", **policy) for _ in "ab")
        step = {"name": "Appel", "policy_id": policy_id, "channel": "task"}
        kept = boss.create("crm.dunning.step", **step, offset_days=20)
        reminder = self.site.sql(
            "INSERT INTO crm_dunning_message (company_id, partner_id, client_key,"
            f" step_id, date, channel, state) VALUES ({company}, {partner}, {partner},"
            f" {kept}, '2026-03-02', 'letter', 'to_post') RETURNING id"
        )
        days = {"date_from": "2026-12-24", "date_to": "2026-12-31"}
        pause = {"kind": "exclusion", "reason": "Ami", "partner_id": partner}
        rows = (
            ("step of a reminder policy", "step", {**step, "offset_days": 9}, "name"),
            ("closed days of reminders", "closure",
             {"name": "Noel", "policy_id": policy_id, **days}, "name"),
            ("pause of reminders", "pause",
             {**pause, "company_id": company}, "reason"),
        )  # fmt: skip
        subjects = {
            "reminder policy": Subject(
                "crm.dunning.policy", spare, policy, {"gap_days": 6}
            ),
            "reminder": Subject(
                "crm.dunning.message",
                int(reminder.split()[0]),
                {"partner_id": partner, "step_id": kept, "date": "2026-03-03"},
                {"letter_number": "1A"},
            ),
        }
        for name, short, values, written in rows:
            model = f"crm.dunning.{short}"
            res_id = boss.create(model, **values)
            if short == "step":
                values = {**values, "offset_days": 11}
            subjects[name] = Subject(model, res_id, values, {written: "X"})
        return subjects

    def _make_plan(self, state: str) -> int:
        """A plan without invoices: only rights are tried on it."""
        partner, company = self.business.partner_id, self.business.company_id
        return int(
            self.site.sql(
                "INSERT INTO crm_instalment_plan"
                " (name, company_id, partner_id, currency_id, state)"
                f" SELECT 'EP', {company}, {partner}, currency_id, '{state}'"
                f" FROM res_company WHERE id = {company} RETURNING id"
            ).split()[0]
        )

    def _make_payout_subjects(self) -> dict[str, Subject]:
        """Written by Stripe alone, so the rows are put in from below."""
        owner = f"{self.business.connection_id}, {self.business.company_id}"
        euro = self.site.admin.ref("base.EUR")
        rows = (
            ("payout", "crm_payout", "remote_id, state, arrival_date, amount",
             "'po_roles', 'booked', now(), 10"),
            ("movement of a payout", "crm_payout_line", "remote_id, role, created_at",
             "'txn_roles', 'payment', now()"),
            ("difference with Stripe", "crm_payout_drift", "key, kind, state, found_at",
             "'payout:0', 'balance', 'open', now()"),
        )  # fmt: skip
        subjects = {}
        for name, table, columns, values in rows:
            res_id = self.site.sql(
                f"INSERT INTO {table} (connection_id, company_id, currency_id,"
                f" {columns}) VALUES ({owner}, {euro}, {values}) RETURNING id"
            )
            model = table.replace("_", ".")
            subjects[name] = Subject(
                model, int(res_id.split()[0]), {"remote_id": "x"}, {"state": "open"}
            )
        subjects["movement of a payout"].update = {"fee": 1}
        return subjects

    def _make_law_subjects(self) -> dict[str, Subject]:
        """French law: common records, and the words of one company."""
        boss, company = self.business.rpc, self.business.company_id
        mention = {
            "code": "custom",
            "wording": "Merci",
            "date_from": "2026-01-01",
            "company_id": company,
        }
        (rule,) = boss.search("crm.compliance.rule", limit=1)
        (threshold,) = boss.search("crm.franchise.threshold", limit=1)
        figures = {
            "activity": "goods",
            "date_from": "2027-01-01",
            "amount": 1,
            "amount_in_year": 2,
        }
        limit = {"name": "Essai", "code": "x", "days": 1, "date_from": "2026-01-01"}
        return {
            "own legal mention": Subject(
                "crm.legal.mention",
                boss.create("crm.legal.mention", **mention),
                mention,
                {"wording": "Merci bien"},
            ),
            "compliance rule": Subject(
                "crm.compliance.rule",
                rule,
                {"code": "x", "message": "x"},
                {"level": "warn"},
            ),
            "threshold of the small business exemption": Subject(
                "crm.franchise.threshold", threshold, figures, {"amount": 3}
            ),
            "limit of payment terms": Subject(
                "crm.payment.cap",
                boss.create("crm.payment.cap", **limit),
                limit,
                {"days": 2},
            ),
        }

    def _make_technical_subjects(self, link: int) -> dict[str, Subject]:
        """What only the technical administrator of Odoo may touch."""
        sql, key = self.site.sql, "web.base.url"
        provider = sql(
            "SELECT payment_provider_id FROM crm_connection"
            f" WHERE id = {self.business.connection_id}"
        )
        page = sql(
            f"SELECT max(id) FROM payment_transaction WHERE payment_link_id = {link}"
        )
        job = sql("SELECT max(id) FROM queue_job")
        parameter = sql(f"SELECT id FROM ir_config_parameter WHERE key = '{key}'")
        return {
            "finding of an accounting file": Subject(
                "crm.fec.finding", self._make_finding(), {"case": "x"}, {"case": "y"}
            ),
            "accounting file export": Subject(
                "l10n_fr.fec.export.wizard",
                self.business.rpc.create("l10n_fr.fec.export.wizard", **EXPORT),
                EXPORT,
                {"test_file": True},
            ),
            "payment provider": Subject(
                "payment.provider",
                int(provider),
                {"name": "X", "code": "stripe"},
                {"name": "X"},
            ),
            "payment transaction": Subject(
                "payment.transaction", int(page), {}, {"state": "done"}
            ),
            "job": Subject("queue.job", int(job), {"name": "X"}, {"priority": 1}),
            "system parameter": Subject(
                "ir.config_parameter",
                int(parameter),
                {"key": "x", "value": "y"},
                {"value": "z"},
            ),
        }

    def _make_finding(self) -> int:
        """What a check found: only the server writes these."""
        check = self.site.sql(
            "INSERT INTO crm_fec_check (name, company_id, source, state) VALUES"
            f" ('fec.txt', {self.business.company_id}, 'upload', 'done') RETURNING id"
        )
        return int(
            self.site.sql(
                "INSERT INTO crm_fec_finding"
                ' (check_id, company_id, severity, "case", rule) VALUES'
                f" ({int(check)}, {self.business.company_id}, 'error', 'row_blank',"
                " 'BLANKLINE') RETURNING id"
            )
        )

    def try_all(self, role: str, name: str) -> str:
        """The letters of what this role can do with this subject."""
        rpc, subject = self.roles[role], self.subjects[name]
        letters = ""
        if subject.values and _allowed(
            lambda: rpc.call(subject.model, "create", [subject.fresh_values()])
        ):
            letters += "C"
        if _allowed(
            lambda: rpc.call(
                subject.model, "search_read", [("id", "=", subject.res_id)], ["id"]
            )
        ):
            letters += "R"
        if _allowed(
            lambda: rpc.call(subject.model, "write", [subject.res_id], subject.update)
        ):
            letters += "U"
        target = self._make_spare(subject) or subject.res_id
        if _allowed(lambda: rpc.call(subject.model, "unlink", [target])):
            letters += "D"
        return letters

    def _make_spare(self, subject: Subject) -> int | None:
        """A record of the same kind that may go, when an admin can make one."""
        if not subject.values:
            return None
        try:
            return self.business.rpc.create(subject.model, **subject.fresh_values())
        except RpcError:
            return None


def _allowed(attempt) -> bool:
    """Whether the server did it, and there was something to do it on."""
    try:
        return bool(attempt())
    except RpcError as error:
        assert "Access" in error.name or not error.name or _is_login(error), error
        return False


def _is_login(error: RpcError) -> bool:
    return error.name == "odoo.http.SessionExpiredException"
