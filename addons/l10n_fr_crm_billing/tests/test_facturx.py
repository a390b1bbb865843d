from lxml import etree

from .facturx_common import FacturxCommon


class TestFacturx(FacturxCommon):
    def pay(self, move, amount=None, on="2026-10-25"):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": on, **({"amount": amount} if amount else {})})
        )
        wizard._create_payments()

    def buyer(self, country, **values):
        return self.env["res.partner"].create(
            {
                "name": "Beispiel GmbH",
                "is_company": True,
                "street": "Hauptstr. 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref(f"base.{country}").id,
                "email": "kontakt@example.com",
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self.documents = {}

    def add(self, name, move):
        self.documents[name] = self.export(move)

    def add_rates(self):
        self.add(
            "two_rates",
            self.invoice(
                self.line(self.service, 3, 100, self.vat_20),
                self.line(self.goods, 2, 19.99, self.vat_55),
                ref="BC-778",
            ),
        )
        self.add("goods", self.invoice(self.line(self.goods, 1, 50, self.vat_20_goods)))
        reverse = self._tax("tva_sale_service_0").copy(
            {"name": "Autoliquidation", "ubl_cii_tax_category_code": "AE"}
        )
        self.add(
            "reverse_charge", self.invoice(self.line(self.service, 1, 2500, reverse))
        )
        franchise = self._tax("tva_sale_service_0").copy(
            {
                "name": "Franchise",
                "ubl_cii_tax_category_code": "E",
                "ubl_cii_tax_exemption_reason_code": "VATEX-FR-FRANCHISE",
            }
        )
        self.add("franchise", self.invoice(self.line(self.service, 1, 800, franchise)))

    def add_sales_abroad(self):
        german = self.buyer("de", vat="DE136695976")
        self.add(
            "intra_eu_goods",
            self.invoice(
                self.line(self.goods, 4, 25, self._tax("tva_sale_good_intra_0")),
                partner_id=german.id,
            ),
        )
        self.add(
            "intra_eu_service",
            self.invoice(
                self.line(self.service, 4, 25, self._tax("tva_sale_service_intra_0")),
                partner_id=german.id,
            ),
        )
        american = self.buyer("us", zip="10001", city="New York")
        self.add(
            "export",
            self.invoice(
                self.line(self.goods, 1, 70, self._tax("tva_sale_good_export_0")),
                partner_id=american.id,
            ),
        )
        self.add(
            "service_abroad",
            self.invoice(
                self.line(self.service, 1, 70, self._tax("tva_sale_service_export_0")),
                partner_id=american.id,
            ),
        )
        self.add(
            "goods_and_service_abroad",
            self.invoice(
                self.line(self.service, 1, 70, self._tax("tva_sale_service_export_0")),
                self.line(self.goods, 1, 70, self._tax("tva_sale_good_export_0")),
                partner_id=american.id,
            ),
        )

    def add_buyers_and_prices(self):
        consumer = self.buyer(
            "fr",
            name="Jeanne Martin",
            is_company=False,
            zip="75011",
            city="Paris",
        )
        self.add(
            "consumer",
            self.invoice(
                self.line(self.service, 1, 90, self.vat_20), partner_id=consumer.id
            ),
        )
        place = self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "delivery",
                "name": "Dépôt sud",
                "street": "1 quai des Docks",
                "zip": "13002",
                "city": "Marseille",
                "country_id": self.env.ref("base.fr").id,
            }
        )
        self.add(
            "delivery_address",
            self.invoice(
                self.line(self.goods, 3, 12.5, self.vat_20_goods),
                partner_shipping_id=place.id,
                delivery_date="2026-10-18",
            ),
        )
        self.add(
            "discounts",
            self.invoice(
                self.line(self.service, 3, 33.33, self.vat_20, discount=12.5),
                self.line(self.goods, 7, 0.333, self.vat_55),
                self.line(self.service, 1, 40, self.vat_20, discount=100),
                self.line(self.service, 1, -25, self.vat_20, name="Remise commerciale"),
            ),
        )

    def add_payments_and_currencies(self):
        paid = self.invoice(self.line(self.service, 1, 120, self.vat_20))
        self.pay(paid)
        self.add("paid", paid)
        partly = self.invoice(self.line(self.service, 1, 120, self.vat_20))
        self.pay(partly, 44)
        self.add("partly_paid", partly)
        credit = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=partly.ids
        )
        credit = credit.create(
            {
                "reason": "Geste commercial",
                "journal_id": partly.journal_id.id,
                "date": "2026-11-02",
            }
        )
        credit_note = self.env["account.move"].browse(credit.refund_moves()["res_id"])
        credit_note.action_post()
        self.add("credit_note", credit_note)
        self.credited = partly
        included = self._tax("tva_normale_encaissement_ttc")
        self.add(
            "prices_with_tax",
            self.invoice(
                self.line(self.service, 3, 9.99, included),
                self.line(self.service, 7, 1.01, included),
            ),
        )
        self.env["res.currency.rate"].create(
            {
                "name": "2026-10-01",
                "rate": 1.1,
                "currency_id": self.env.ref("base.USD").id,
                "company_id": self.company.id,
            }
        )
        self.add(
            "dollars",
            self.invoice(
                self.line(self.service, 1, 1000, self.vat_20),
                currency_id=self.env.ref("base.USD").id,
            ),
        )

    def test_every_kind_of_document_passes_every_rule(self):
        self.add_rates()
        self.add_sales_abroad()
        self.add_buyers_and_prices()
        self.add_payments_and_currencies()
        self.assertEqual(len(self.documents), 17)
        self.assertConforming(self.documents)
        self.check_codes(self.documents)
        self.check_references(self.documents)

    def check_codes(self, documents):
        self.assertEqual(self.process(documents["two_rates"]), "M1")
        self.assertEqual(self.process(documents["goods"]), "B1")
        self.assertEqual(self.process(documents["paid"]), "S2")
        for name, bar in (
            ("two_rates", "B2B"),
            ("intra_eu_goods", "B2BINT"),
            ("consumer", "B2C"),
        ):
            self.assertEqual(self.notes(documents[name])["BAR"], bar)
        for name, categories in (
            ("intra_eu_goods", {"K"}),
            ("intra_eu_service", {"AE"}),
            ("export", {"G"}),
            ("service_abroad", {"O"}),
            ("goods_and_service_abroad", {"E", "G"}),
            ("reverse_charge", {"AE"}),
            ("franchise", {"E"}),
        ):
            self.assertEqual(self.categories(documents[name]), categories, name)

    def check_references(self, documents):
        self.assertEqual(self.type_code(documents["credit_note"]), "381")
        self.assertEqual(
            self.find(
                documents["credit_note"],
                "ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
            ),
            self.credited.name,
        )
        self.assertEqual(
            self.find(
                documents["two_rates"],
                "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
            ),
            "BC-778",
        )
        self.assertEqual(
            self.find(documents["dollars"], "ram:TaxTotalAmount[@currencyID='EUR']"),
            "181.82",
        )

    def process(self, xml):
        return self.find(
            xml, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        )

    def type_code(self, xml):
        return self.find(xml, "{*}ExchangedDocument/ram:TypeCode")

    def categories(self, xml):
        return {
            element.text
            for element in etree.fromstring(xml).iterfind(
                ".//{*}ApplicableHeaderTradeSettlement//{*}CategoryCode"
            )
        }
