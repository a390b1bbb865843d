"""A French company with yearly series, and many people who confirm at once."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

DAY = "2026-03-02"


class NumberingWorld:
    """:param login: function that returns a new logged-in ``Rpc`` (own connection)"""

    def __init__(self, login, name: str):
        self._login = login
        self.rpc = login()
        self.company_id = self.rpc.create(
            "res.company",
            name=name,
            country_id=self.rpc.ref("base.fr"),
            currency_id=self.rpc.ref("base.EUR"),
            street="12 rue des Tanneurs",
            zip="69007",
            city="Lyon",
            vat="FR44732829320",
            company_registry="73282932000074",
            fr_legal_form="sas",
            fr_share_capital=10000,
            fr_registry_kind="rcs",
            fr_registry_town="Lyon",
        )
        self.context = {"allowed_company_ids": [self.company_id]}
        self.call("account.chart.template", "try_loading", [], "fr", self.company_id)
        (self.journal_id,) = self.call(
            "account.journal",
            "search",
            [("type", "=", "sale"), ("company_id", "=", self.company_id)],
            limit=1,
        )
        (self.tax_id,) = self.call(
            "account.tax",
            "search",
            [
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 20),
                ("company_id", "=", self.company_id),
            ],
            limit=1,
        )
        self.product_id = self.create("product.product", name="Conseil", type="service")

    def clients(self, count):
        """One client per document: core writes a counter on the client."""
        values = {
            "is_company": True,
            "street": "22 avenue de Wagram",
            "zip": "75008",
            "city": "Paris",
            "country_id": self.rpc.ref("base.fr"),
            "company_registry": "44306184100047",
        }
        names = [f"Exemple Industrie {number}" for number in range(count)]
        return self.call(
            "res.partner", "create", [{**values, "name": name} for name in names]
        )

    def call(self, model, method, *args, **kwargs):
        return self.rpc.call(model, method, *args, context=self.context, **kwargs)

    def create(self, model, **values):
        (res_id,) = self.call(model, "create", [values])
        return res_id

    def choose_series(self):
        wizard_id = self.create(
            "crm.fr.numbering.wizard",
            company_id=self.company_id,
            journal_id=self.journal_id,
        )
        self.call("crm.fr.numbering.wizard", "action_apply", [wizard_id])

    def drafts(self, count, *, day=DAY, is_broken=False, move_type="out_invoice"):
        line = {
            "product_id": self.product_id,
            "quantity": 1,
            "price_unit": 100,
            "tax_ids": [(6, 0, [self.tax_id])],
        }
        values = {
            "move_type": move_type,
            "journal_id": self.journal_id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_line_ids": [] if is_broken else [(0, 0, line)],
        }
        rows = [{**values, "partner_id": client} for client in self.clients(count)]
        return self.call("account.move", "create", rows)

    def post_at_once(self, move_ids):
        """Confirm each document in a thread and a session of its own.

        :return: (seconds, errors by document)
        """
        gate = threading.Barrier(len(move_ids))
        sessions = [self._login() for _ in move_ids]

        def post(session, move_id):
            gate.wait()
            try:
                session.call(
                    "account.move", "action_post", [move_id], context=self.context
                )
            except Exception as error:  # told to the test, by document
                return str(error)
            return None

        started = time.monotonic()
        with ThreadPoolExecutor(len(move_ids)) as pool:
            errors = list(pool.map(post, sessions, move_ids))
        seconds = time.monotonic() - started
        return seconds, {
            move_id: error
            for move_id, error in zip(move_ids, errors, strict=True)
            if error
        }

    def numbers(self, series):
        """The numbers of a series that were given, in order."""
        rows = self.call(
            "account.move",
            "search_read",
            [("journal_id", "=", self.journal_id), ("state", "=", "posted")],
            ["name"],
        )
        pattern = re.compile(rf"\d{{4}}-{series}-(\d+)")
        found = [pattern.fullmatch(row["name"]) for row in rows]
        return sorted(int(match[1]) for match in found if match)
