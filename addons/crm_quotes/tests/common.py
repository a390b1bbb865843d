from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class QuoteMixin:
    """A company with its people, a client, a deal and its quotation."""

    @classmethod
    def set_up_quotes(cls):
        cls.company = cls.env["res.company"].create(
            {"name": "Agence Essai", "currency_id": cls.env.ref("base.EUR").id}
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.company, install_demo=False
        )
        # The chart comes with the dollar.
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "lang": "en_US",
            }
        )
        cls.seller = cls.make_user("julie", "crm_base.crm_base_group_seller")
        cls.manager = cls.make_user("sophie", "crm_base.crm_base_group_admin")
        cls.client = cls.env["res.partner"].create(
            {"name": "TechCorp", "email": "achats@techcorp.example", "lang": "en_US"}
        )
        prices = {"Cadrage": 800, "Développement": 750, "Support": 600}
        cls.products = {
            name: cls.env["product.product"].create(
                {
                    "name": name,
                    "type": "service",
                    "invoice_policy": "order",
                    "company_id": cls.company.id,
                    "list_price": price,
                }
            )
            for name, price in {**prices, "Jour": 500}.items()
        }
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20,
                "company_id": cls.company.id,
                "type_tax_use": "sale",
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Agence IA",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "expected_revenue": 10000,
            }
        )
        cls.order = cls.make_order()

    @classmethod
    def make_user(cls, login, *groups, company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env,
            f"{login}_quotes",
            groups=",".join(groups),
            lang="en_US",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        user.name = login.capitalize()
        return user

    @classmethod
    def make_order(cls, **values):
        lines = (("Cadrage", 4, 800), ("Développement", 20, 750), ("Support", 5, 600))
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "opportunity_id": cls.lead.id,
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "note": "<p>Paiement à 30 jours</p>",
                "order_line": [cls.line(*line) for line in lines],
                **values,
            }
        )

    @classmethod
    def line(cls, name, quantity, price, **values):
        return Command.create(
            {
                "product_id": cls.products.get(name, cls.products["Jour"]).id,
                "name": name,
                "product_uom_qty": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(cls.tax.ids)],
                **values,
            }
        )

    def edit(self, order, user=None):
        """What Sophie does: another price, more support, a training."""
        order = order.with_user(user or self.manager)
        _scoping, development, support = order.order_line
        order.write(
            {
                "order_line": [
                    Command.update(development.id, {"price_unit": 720}),
                    Command.update(support.id, {"product_uom_qty": 10}),
                    self.line("Formation", 2, 700),
                ]
            }
        )

    def send(self, order, user=None):
        """Send as the composer does."""
        order.with_user(user or self.seller).with_context(
            mark_so_as_sent=True
        ).message_post(body="Votre devis")

    def events(self, order, kind):
        return order.sudo().quote_event_ids.filtered(lambda e: e.kind == kind)


class QuoteCase(QuoteMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quotes()
