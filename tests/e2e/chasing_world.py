"""A business with clients who pay late, and the run of its reminders."""

from datetime import date, timedelta

from tests.e2e.invoice_world import InvoicingBusiness

RUN = """
company = env['res.company'].browse(env.context['company_id'])
day = datetime.date.fromisoformat(env.context['day'])
engine = env['crm.dunning.engine'].sudo().with_company(company)
engine._run_clients(company, env.context['client_ids'], day)
action = {'type': 'ir.actions.act_window_close'}
"""
# The scheduler is off in these journeys.
QUEUE = "env['mail.mail'].sudo().process_email_queue()"


class Chaser(InvoicingBusiness):
    """A business with clients who pay late."""

    def start(self) -> None:
        super().start()
        admin = self.site.admin
        admin.call(
            "res.company",
            "write",
            [self.company_id],
            {
                "late_interest_method": "contract",
                "late_interest_rate": 12.15,
                "late_interest_fee": 40,
            },
        )
        (model,) = admin.search("ir.model", ("model", "=", "crm.dunning.engine"))
        self.run_id = admin.create(
            "ir.actions.server", name="run", model_id=model, state="code", code=RUN
        )
        self.queue_id = admin.create(
            "ir.actions.server", name="queue", model_id=model, state="code", code=QUEUE
        )
        preview = self.rpc.create("crm.dunning.preview", company_id=self.company_id)
        found = self.rpc.read("crm.dunning.preview", preview, "date")["date"]
        self.day = date.fromisoformat(found)

    def make_client(self, name: str) -> int:
        return self.rpc.create(
            "res.partner",
            name=name,
            is_company=True,
            email=f"{name.lower()}@clients.example",
            street="1 rue de la Paix",
            zip="75002",
            city="Paris",
            country_id=self.site.admin.search("res.country", ("code", "=", "FR"))[0],
            lang="fr_FR",
            company_id=self.company_id,
        )

    def make_late_invoice(self, client_id: int, days: int, net: float = 1000) -> int:
        """Post an invoice due so many days after the day of the run."""
        self.partner_id = client_id
        number = self.make_invoice(net)["id"]
        due = self.day + timedelta(days=days)
        issued = due - timedelta(days=30)
        self.rpc.call("account.move", "button_draft", [number])
        self.rpc.call(
            "account.move",
            "write",
            [number],
            {
                "invoice_date": issued.isoformat(),
                "invoice_payment_term_id": False,
                "invoice_date_due": due.isoformat(),
            },
        )
        self.rpc.call("account.move", "action_post", [number])
        return number

    def run(self, *client_ids: int) -> None:
        context = {
            "company_id": self.company_id,
            "client_ids": list(client_ids),
            "day": self.day.isoformat(),
        }
        admin = self.site.login("admin", "admin")
        admin.call("ir.actions.server", "run", [self.run_id], context=context)

    def send_queue(self) -> None:
        self.site.admin.call("ir.actions.server", "run", [self.queue_id])

    def lines(self, move_id: int) -> list[dict]:
        return self.rpc.call(
            "crm.dunning.line",
            "search_read",
            [("move_id", "=", move_id)],
            ["state", "interest", "fee", "amount_residual"],
        )
