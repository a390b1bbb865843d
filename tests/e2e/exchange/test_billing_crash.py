"""Reminders and payouts when servers die in the middle or do the same work at once.

- a reminder run that is killed goes on after the restart: every client gets his step
  once, and one mail of it;
- two servers that run the reminders at the same moment send them once;
- a payout whose booking is killed is booked once.
"""

import contextlib
import dataclasses
import datetime
import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import holidays
import pytest

from tests.e2e.invoice_world import InvoicingBusiness, Mailbox, mail_server
from tests.e2e.payout_world import Shop, fee_of
from tests.e2e.running_site import Rpc

# The engine serves forty clients per transaction: this makes three of them.
CLIENTS = 85
SLICE = 40
AT_ONCE = 10
# Somewhere people work today, whatever the day of the week; not in France, whose
# invoices want more than these.
COUNTRIES = ("IL", "IR", "NP", "US", "HK", "JP", "CD")
RUN = """
env['crm.dunning.engine'].sudo()._cron_run()
action = {'type': 'ir.actions.act_window_close'}
"""
BOOK = """
payout = env['crm.payout'].sudo().browse(env.context['payout_id'])
payout._as_bookkeeper()._book()
action = {'type': 'ir.actions.act_window_close'}
"""


class KillableSite:
    """The site of these tests as the small businesses of the journeys know theirs."""

    def __init__(self, site, server):
        self.site, self.server = site, server
        self.set_parameter("web.base.url", self.url)
        self.set_parameter("web.base.url.freeze", "True")
        # what a killed server was sending is sent again soon
        self.set_parameter("crm_integrations.lease_seconds", "10")

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def admin(self) -> Rpc:
        return self.login("admin", "admin")

    def login(self, login: str, password: str) -> Rpc:
        return Rpc(self.url, self.site.database, login, password)

    def sql(self, query: str) -> str:
        rows = self.site.rows(query.replace("%", "%%"))
        return "\n".join("|".join(map(str, row)) for row in rows)

    def set_parameter(self, key: str, value: str) -> None:
        self.admin.call("ir.config_parameter", "set_param", key, value)

    def make_action(self, model: str, code: str) -> int:
        admin = self.admin
        (model_id,) = admin.search("ir.model", ("model", "=", model))
        return admin.create(
            "ir.actions.server", name=model, model_id=model_id, state="code", code=code
        )


def in_background(call, *args) -> threading.Thread:
    """Make a call whose server will not live to answer."""

    def run():
        with contextlib.suppress(http.client.HTTPException, OSError):
            call(*args)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


# === Reminders === #


class LateClients(InvoicingBusiness):
    """A company whose clients are all ten days late, with one mail to send each."""

    def start(self) -> None:
        self.keep_books()
        admin = self.site.admin
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        code = next(code for code in COUNTRIES if self._is_open(code))
        (country,) = admin.search("res.country", ("code", "=", code))
        group = admin.ref("account.group_account_manager")
        admin.call("res.users", "write", [self.user_id], {"group_ids": [(4, group)]})
        step = {
            "name": "Relance",
            "offset_days": 7,
            "channel": "mail",
            "mail_template_id": admin.ref("crm_billing.mail_template_dunning_firm"),
            "attach_invoice": False,
        }
        policy = admin.create(
            "crm.dunning.policy",
            name="Sept jours",
            company_id=self.company_id,
            step_ids=[(0, 0, step)],
        )
        company = admin.read("res.company", self.company_id, "partner_id")
        admin.call("res.partner", "write", [company["partner_id"][0]], {"tz": "UTC"})
        values = {
            "country_id": country,
            "email": "compta@lumen.example",
            "dunning_policy_id": policy,
            "dunning_hour": 0,
        }
        admin.call("res.company", "write", [self.company_id], values)

    def _is_open(self, code: str) -> bool:
        known = holidays.country_holidays(code, years=self.today.year)
        is_weekend = self.today.weekday() in known.weekend
        return not is_weekend and self.today not in known

    def make_late(self, count: int, word: str) -> list[int]:
        """Post one invoice for each of so many clients; return their ids."""
        partners = self.rpc.call(
            "res.partner",
            "create",
            [
                {
                    "name": f"{word} {number}",
                    "is_company": True,
                    "email": f"{word.lower()}{number}@clients.example",
                    "lang": "fr_FR",
                    "company_id": self.company_id,
                }
                for number in range(count)
            ],
        )
        due = self.today - datetime.timedelta(days=10)
        values = {
            "move_type": "out_invoice",
            "company_id": self.company_id,
            "invoice_date": (due - datetime.timedelta(days=30)).isoformat(),
            "invoice_payment_term_id": False,
            "invoice_date_due": due.isoformat(),
            "invoice_line_ids": [
                (0, 0, {"name": "Site", "price_unit": 500, "tax_ids": [(5,)]})
            ],
        }
        moves = self.rpc.call(
            "account.move",
            "create",
            [{**values, "partner_id": partner} for partner in partners],
        )
        self.rpc.call("account.move", "action_post", moves)
        return partners

    def set_running(self, is_running: bool) -> None:
        values = {"dunning_is_running": is_running, "dunning_last_run_on": False}
        self.site.admin.call("res.company", "write", [self.company_id], values)

    def messages(self) -> int:
        sql = "SELECT count(*) FROM crm_dunning_message WHERE company_id = %s"
        return self.site.site.rows(sql, self.company_id)[0][0]

    def assert_once_each(self, partners: list[int]) -> None:
        """One message, one line and one mail for each of these clients."""
        sql = """
            SELECT message.partner_id, count(DISTINCT message.id),
                   count(DISTINCT line.id), count(DISTINCT message.mail_message_id)
              FROM crm_dunning_message message
              JOIN crm_dunning_line line ON line.message_id = message.id
             WHERE message.company_id = %s AND message.partner_id = ANY(%s)
          GROUP BY message.partner_id
        """
        found = self.site.site.rows(sql, self.company_id, partners)
        assert sorted(found) == [(partner, 1, 1, 1) for partner in sorted(partners)]


def count_mails(box: Mailbox, word: str, count: int) -> list[int]:
    """How many mails each of the clients got."""
    texts = [path.read_text("utf-8", "replace") for path in box.folder.glob("*.eml")]
    receivers = [text.split("\n", 3)[1] for text in texts]
    addresses = [f"{word.lower()}{number}@clients.example" for number in range(count)]
    return [sum(address in line for line in receivers) for address in addresses]


def test_a_killed_run_and_two_servers_send_each_reminder_once(site, stripe, tmp_path):
    first = site.server()
    known = KillableSite(site, first)
    business = LateClients(known, stripe, "Agence Tardive")
    business.start()
    partners = business.make_late(CLIENTS, "Tardif")
    business.set_running(True)
    cron_id = known.admin.ref("crm_billing.ir_cron_send_reminders")
    with mail_server(known, tmp_path / "mails") as box:
        in_background(first.call, "ir.cron", "method_direct_trigger", [[cron_id]])
        site.wait_until(lambda: business.messages() >= SLICE, 60, "nothing is sent")
        with site.holding("crm_dunning_line") as waiting:
            site.wait_until(waiting, 60, "the run was over before the kill")
            first.kill()
        done = business.messages()
        assert done in (SLICE, 2 * SLICE), "killed in the middle, whole clients only"
        # The run is taken up by two servers at the same moment.
        servers = [site.restart(first), site.server()]
        action = known.make_action("crm.dunning.engine", RUN)
        run_everywhere(known, servers, action)
        business.assert_once_each(partners)
        # New clients, four runs at once, past the lock the scheduler would take.
        business.set_running(False)
        more = business.make_late(AT_ONCE, "Double")
        business.set_running(True)
        run_everywhere(known, servers, action)
        business.assert_once_each(partners + more)
        queue = known.admin.ref("mail.ir_cron_mail_scheduler_action")
        servers[1].call("ir.cron", "method_direct_trigger", [[queue]])
        assert count_mails(box, "Tardif", CLIENTS) == [1] * CLIENTS
        assert count_mails(box, "Double", AT_ONCE) == [1] * AT_ONCE
    states = "SELECT DISTINCT state FROM crm_dunning_message WHERE company_id = %s"
    assert site.rows(states, business.company_id) == [("sent",)]
    print(f"\nkilled after {done} of {CLIENTS} reminders")


def run_everywhere(known, servers, action):
    """Two runs on each server, all at once."""

    def run(number):
        server = servers[number % len(servers)]
        rpc = Rpc(server.url, known.site.database, "admin", "admin")
        rpc.call("ir.actions.server", "run", [action])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))


# === Payouts === #


@pytest.mark.parametrize("amounts", [[120, 75.5, 310]])
def test_a_payout_whose_booking_is_killed_is_booked_once(site, stripe, amounts):
    environment = {**site.place.env, "CRM_STANDIN_STRIPE_URL": stripe.url}
    site.place = dataclasses.replace(site.place, env=environment)
    first = site.server()
    known = KillableSite(site, first)
    business = InvoicingBusiness(known, stripe, "Agence Coupure")
    business.start()
    shop = Shop(known, stripe, business)
    paid = [shop.sell(business.make_invoice(net)["id"]) for net in amounts]
    with site.holding("account_move_line") as waiting:
        shop.pay_out()
        site.wait_until(waiting, 60, "nobody books")
        first.kill()
    site.wait_until(lambda: not has_open_transactions(site), 20, "a dead session")
    rows = "SELECT id, state, move_id FROM crm_payout WHERE company_id = %s"
    ((payout_id, state, move_id),) = site.rows(rows, shop.company_id)
    assert (state, move_id) == ("ready", None), "nothing half booked"
    # Dead jobs are taken up when they are older than ten seconds.
    site.rows("UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 min'")
    servers = [site.restart(first), site.server()]
    action = known.make_action("crm.payout", BOOK)
    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(book, known, server, action, payout_id)
            for server in servers * 2
        ]
    for call in calls:
        call.result()
    business._rpc = known.login(business.login, business.password)
    shop.rpc = business.rpc
    shop.wait_states("booked", 1)
    jobs = "SELECT count(*) FROM queue_job WHERE state NOT IN ('done', 'cancelled')"
    site.wait_until(lambda: site.rows(jobs) == [(0,)], 60, "jobs are left")
    entries = "SELECT count(*) FROM account_move WHERE ref LIKE %s AND company_id = %s"
    (payout,) = shop.payouts()
    wanted = f"%{payout['remote_id']}%"
    assert site.rows(entries, wanted, shop.company_id) == [(1,)]
    gross, fees = sum(paid), sum(map(fee_of, paid))
    assert (shop.balance("627"), shop.balance("511")) == (
        fees / 100,
        (gross - fees) / 100,
    )


def has_open_transactions(site) -> bool:
    """Whether the killed server's transaction is still open in the database."""
    sql = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        " AND state <> 'idle' AND pid <> pg_backend_pid()"
    )
    return bool(site.rows(sql, site.database)[0][0])


def book(known, server, action, payout_id):
    """Book by hand, on this server, while a job and other requests do the same."""
    rpc = Rpc(server.url, known.site.database, "admin", "admin")
    rpc.context = {**rpc.context, "payout_id": payout_id}
    rpc.call("ir.actions.server", "run", [action])
