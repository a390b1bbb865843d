"""An agency whose sellers work with the copilot: people, deals, a model or none."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.e2e.company_world import Company
from tests.e2e.running_site import Rpc, wait_until

SELLER_GROUP = "crm_base.crm_base_group_seller"
REGISTER = (
    "state", "answered_by", "model", "decision", "purge_date", "duration_ms",
    "feature_id", "edit_pct",
)  # fmt: skip


@dataclass(frozen=True)
class Seller:
    """A person who sells."""

    user_id: int
    login: str
    rpc: Rpc


class SalesAgency(Company):
    """A company with sellers; `connect_model` gives it a language model."""

    def __init__(self, site, name: str, person: str):
        super().__init__(site, name, person=person)
        self.stage_id = site.admin.create("crm.stage", name=f"Proposition {self.key}")

    def hire(self, name: str) -> Seller:
        admin = self.site.admin
        login = f"{name.split()[0].lower()}@{self.key}.example"
        user_id = admin.create(
            "res.users",
            name=name,
            login=login,
            password=login,
            email=login,
            lang="fr_FR",
            tz="Europe/Paris",
            company_id=self.company_id,
            company_ids=[(6, 0, [self.company_id])],
            group_ids=[(6, 0, [admin.ref(SELLER_GROUP)])],
        )
        return Seller(user_id, login, self.site.login(login, login))

    def connect_model(self, url: str) -> int:
        """Have a model answer every feature of this company."""
        connection = self.rpc.create(
            "crm.connection",
            name=f"Modèle {self.key}",
            provider="openai",
            company_id=self.company_id,
            base_url=url,
            ai_model="gpt-standin",
            ai_api_key=f"sk-test-{self.key}",
        )
        self.rpc.create(
            "crm.ai.route", connection_id=connection, company_id=self.company_id
        )
        self.rpc.call("crm.connection", "action_test", [connection])
        wait_until(
            lambda: (
                self.rpc.read("crm.connection", connection, "state")["state"] == "ok"
            ),
            seconds=90,
            what="the test of the model",
        )
        return connection

    def add_client(self, name: str, email: str, company: str = "") -> int:
        parent = company and self.rpc.create(
            "res.partner", name=company, is_company=True, company_id=self.company_id
        )
        return self.rpc.create(
            "res.partner",
            name=name,
            email=email,
            phone="+33 1 44 55 66 77",
            parent_id=parent or False,
            lang="fr_FR",
            company_id=self.company_id,
        )

    def add_deal(self, seller: Seller, name: str, partner: int, amount: float) -> int:
        return self.rpc.create(
            "crm.lead",
            name=name,
            type="opportunity",
            partner_id=partner,
            expected_revenue=amount,
            company_id=self.company_id,
            user_id=seller.user_id,
            stage_id=self.stage_id,
        )

    def add_quote(
        self, seller, lead: int, partner: int, name: str, price: float
    ) -> int:
        """A quotation sent a week ago."""
        product = self.site.admin.create(
            "product.product",
            name="Refonte du site",
            type="service",
            list_price=price,
            company_id=self.company_id,
        )
        order = self.rpc.create(
            "sale.order",
            name=name,
            partner_id=partner,
            opportunity_id=lead,
            user_id=seller.user_id,
            company_id=self.company_id,
            order_line=[
                (
                    0,
                    0,
                    {"product_id": product, "price_unit": price, "tax_ids": [(5,)]},
                )
            ],
        )
        self.rpc.call("sale.order", "action_quotation_sent", [order])
        sent = date.today() - timedelta(days=7)
        self.rpc.call(
            "sale.order", "write", [order], {"date_order": f"{sent} 09:00:00"}
        )
        return order

    def age(self, leads, days: int) -> None:
        """Have deals sleep for so long."""
        ids = ",".join(map(str, leads))
        moment = f"now() - interval '{days} days'"
        self.site.sql(
            f"UPDATE crm_lead SET create_date = {moment},"
            f" date_last_stage_update = {moment} WHERE id IN ({ids});"
            f"UPDATE mail_message SET date = {moment}"
            f" WHERE model = 'crm.lead' AND res_id IN ({ids})"
        )

    def register(self) -> list[dict]:
        """The rows of the AI register of this company, oldest first."""
        return self.rpc.call(
            "crm.ai.call",
            "search_read",
            [("company_id", "=", self.company_id)],
            [*REGISTER],
            order="id",
        )

    def wait_register(self, count: int) -> list[dict]:
        """The rows once so many are answered."""

        def answered():
            rows = self.register()
            return (
                len(rows) >= count and all(r["state"] == "done" for r in rows) and rows
            )

        return wait_until(answered, what=f"{count} answers")
