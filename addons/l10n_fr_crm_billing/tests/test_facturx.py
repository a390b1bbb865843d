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

    def test_every_kind_of_document_passes_every_rule(self):
        line, service, goods = self.line, self.service, self.goods
        documents = {}

        def add(name, move):
            documents[name] = self.export(move)
            return move

        add(
            "two_rates",
            self.invoice(
                line(service, 3, 100, self.vat_20),
                line(goods, 2, 19.99, self.vat_55),
                ref="BC-778",
            ),
        )
        add("goods", self.invoice(line(goods, 1, 50, self.vat_20_goods)))
        reverse = self._tax("tva_sale_service_0").copy(
            {"name": "Autoliquidation", "ubl_cii_tax_category_code": "AE"}
        )
        add("reverse_charge", self.invoice(line(service, 1, 2500, reverse)))
        franchise = self._tax("tva_sale_service_0").copy(
            {
                "name": "Franchise",
                "ubl_cii_tax_category_code": "E",
                "ubl_cii_tax_exemption_reason_code": "VATEX-FR-FRANCHISE",
            }
        )
        add("franchise", self.invoice(line(service, 1, 800, franchise)))
        german = self.buyer("de", vat="DE136695976")
        add(
            "intra_eu_goods",
            self.invoice(
                line(goods, 4, 25, self._tax("tva_sale_good_intra_0")),
                partner_id=german.id,
            ),
        )
        add(
            "intra_eu_service",
            self.invoice(
                line(service, 4, 25, self._tax("tva_sale_service_intra_0")),
                partner_id=german.id,
            ),
        )
        american = self.buyer("us", zip="10001", city="New York")
        add(
            "export",
            self.invoice(
                line(goods, 1, 70, self._tax("tva_sale_good_export_0")),
                partner_id=american.id,
            ),
        )
        add(
            "service_abroad",
            self.invoice(
                line(service, 1, 70, self._tax("tva_sale_service_export_0")),
                partner_id=american.id,
            ),
        )
        add(
            "goods_and_service_abroad",
            self.invoice(
                line(service, 1, 70, self._tax("tva_sale_service_export_0")),
                line(goods, 1, 70, self._tax("tva_sale_good_export_0")),
                partner_id=american.id,
            ),
        )
        consumer = self.buyer(
            "fr",
            name="Jeanne Martin",
            is_company=False,
            zip="75011",
            city="Paris",
        )
        add(
            "consumer",
            self.invoice(line(service, 1, 90, self.vat_20), partner_id=consumer.id),
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
        add(
            "delivery_address",
            self.invoice(
                line(goods, 3, 12.5, self.vat_20_goods),
                partner_shipping_id=place.id,
                delivery_date="2026-10-18",
            ),
        )
        add(
            "discounts",
            self.invoice(
                line(service, 3, 33.33, self.vat_20, discount=12.5),
                line(goods, 7, 0.333, self.vat_55),
                line(service, 1, 40, self.vat_20, discount=100),
                line(service, 1, -25, self.vat_20, name="Remise commerciale"),
            ),
        )
        paid = self.invoice(line(service, 1, 120, self.vat_20))
        self.pay(paid)
        add("paid", paid)
        partly = self.invoice(line(service, 1, 120, self.vat_20))
        self.pay(partly, 44)
        add("partly_paid", partly)
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
        add("credit_note", credit_note)
        included = self._tax("tva_normale_encaissement_ttc")
        add(
            "prices_with_tax",
            self.invoice(
                line(service, 3, 9.99, included), line(service, 7, 1.01, included)
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
        add(
            "dollars",
            self.invoice(
                line(service, 1, 1000, self.vat_20),
                currency_id=self.env.ref("base.USD").id,
            ),
        )
        self.assertConforming(documents)

        self.assertEqual(self.process(documents["two_rates"]), "M1")
        self.assertEqual(self.process(documents["goods"]), "B1")
        self.assertEqual(self.process(documents["paid"]), "S2")
        for name, bar in (
            ("two_rates", "B2B"),
            ("intra_eu_goods", "B2BINT"),
            ("consumer", "B2C"),
        ):
            self.assertEqual(self.notes(documents[name])["BAR"], bar)
        self.assertEqual(self.type_code(documents["credit_note"]), "381")
        self.assertEqual(
            self.find(
                documents["credit_note"],
                "ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
            ),
            partly.name,
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
