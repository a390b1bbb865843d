from datetime import date

from odoo.tests import freeze_time, tagged

from .mention_common import TODAY, FrenchMentionCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionsPrinted(FrenchMentionCase):
    """What a reader of the document finds in its body."""

    def test_invoice_to_a_business_carries_both_parties_and_terms(self):
        invoice = self.make_invoice(ref="BC-2026-7")
        invoice.action_post()
        text = self.print_text(invoice)
        for words in (
            "Agence Lumen, 18 rue du Mail, 75002 Paris",
            "SAS",
            "au capital de 10 000 €",
            "SIREN 732829320",
            "SIRET 73282932000074",
            "RCS Paris",
            "TVA FR44732829320",
            "SIREN du client : 552081317",
            "Catégorie de l'opération : Prestation de services",
            "Votre commande : BC-2026-7",
            "Pas d'escompte pour paiement anticipé.",
            "taux de refinancement de la BCE majoré de 10 points de pourcentage",
            "Indemnité forfaitaire pour frais de recouvrement en cas de retard de "
            "paiement : 40 €.",
            f"À payer au plus tard le {invoice.invoice_date_due:%d/%m/%Y}",
        ):
            self.assertIn(words, text)
        self.assertNotIn("d'après les débits", text)

    def test_consumer_reads_a_due_date_and_no_professional_terms(self):
        self.company.fr_mediator = "CM2C, 14 rue Saint-Jean, 75017 Paris"
        invoice = self.make_invoice(partner_id=self.consumer.id)
        invoice.action_post()
        text = self.print_text(invoice)
        self.assertIn("À payer au plus tard le", text)
        self.assertIn("Médiateur de la consommation : CM2C", text)
        for words in ("Indemnité forfaitaire", "Pénalités", "SIREN du client"):
            self.assertNotIn(words, text)

    def test_small_business_prints_no_vat_and_the_words_of_the_day(self):
        self.company.write(
            {"fr_vat_regime": "franchise", "fr_legal_form": "ei", "vat": False}
        )
        no_tax = self.env["account.tax"]
        old = self.make_invoice(
            [(self.service, 500, no_tax)], invoice_date=date(2026, 8, 31)
        )
        new = self.make_invoice(
            [(self.service, 500, no_tax)], invoice_date=date(2026, 9, 1)
        )
        (old + new).action_post()
        self.assertIn("TVA non applicable, article 293 B du CGI", self.print_text(old))
        text = self.print_text(new)
        self.assertIn("TVA non applicable, article L. 223-3 du CIBS", text)
        self.assertIn("Entrepreneur individuel (EI)", text)
        for words in ("TVA 20", "Untaxed Amount", "TVA FR", "au capital"):
            self.assertNotIn(words, text)

    def _make_foreigner(self, country, vat=False):
        return self.env["res.partner"].create(
            {
                "name": "Kunde GmbH",
                "is_company": True,
                "street": "Hauptstrasse 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref(country).id,
                "vat": vat,
            }
        )

    def test_sales_abroad_print_the_reason_for_having_no_vat(self):
        german = self._make_foreigner("base.de", "DE136695976")
        swiss = self._make_foreigner("base.ch")
        cases = [
            (german, self.goods, "tva_sale_good_intra_0", "article 262 ter I du CGI"),
            (german, self.service, "tva_sale_service_intra_0", "Autoliquidation"),
            (swiss, self.goods, "tva_sale_good_export_0", "article 262 I du CGI"),
            (
                swiss,
                self.service,
                "tva_sale_service_export_0",
                "hors du champ d'application de la TVA française",
            ),
        ]
        for partner, product, tax, words in cases:
            with self.subTest(tax=tax):
                taxes = self._find_tax(tax)
                invoice = self.make_invoice(
                    [(product, 1000, taxes)], partner_id=partner.id
                )
                invoice.action_post()
                text = self.print_text(invoice)
                self.assertIn(words, text)
                self.assertNotIn("SIREN du client", text)
                needs_number = partner == german
                self.assertEqual("TVA du client : DE136695976" in text, needs_number)

    def test_building_subcontract_is_reverse_charged(self):
        tax = self._find_tax("tva_sale_service_0").copy(
            {"name": "0% BTP", "ubl_cii_tax_category_code": "AE"}
        )
        self.company.write(
            {
                "fr_is_building_trade": True,
                "fr_insurer": "MAAF",
                "fr_insurer_contact": "79000 Niort",
                "fr_insurance_territory": "France métropolitaine",
            }
        )
        invoice = self.make_invoice([(self.service, 1000, tax)])
        invoice.action_post()
        text = self.print_text(invoice)
        self.assertIn("article 283-2 nonies du CGI", text)
        self.assertIn(
            "Assurance décennale : MAAF, 79000 Niort, France métropolitaine", text
        )

    def test_exempt_activity_prints_its_article(self):
        tax = self._find_tax("tva_sale_service_0")
        tax.write(
            {
                "ubl_cii_tax_category_code": "E",
                "ubl_cii_tax_exemption_reason_code": "VATEX-FR-CGI261-4",
            }
        )
        invoice = self.make_invoice([(self.service, 1000, tax)])
        self.assertIn(
            "Exonération de TVA, article 261 4 du CGI",
            invoice._get_fr_mention_texts()["exempt"],
        )
        tax.fr_exemption_reference = "article 261-4-4° a du CGI"
        invoice.action_post()
        self.assertIn("article 261-4-4° a du CGI", self.print_text(invoice))

    def test_vat_is_in_euro_on_an_invoice_in_dollars(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-11-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        invoice = self.make_invoice(currency_id=dollar.id)
        invoice.action_post()
        self.assertIn(
            "TVA en euros : 160,00 € (1 € = 1,25 USD)", self.print_text(invoice)
        )

    def test_goods_sent_elsewhere_print_where_and_when(self):
        depot = self.env["res.partner"].create(
            {
                "name": "Dépôt",
                "parent_id": self.client.id,
                "type": "delivery",
                "street": "Quai 3",
                "zip": "33000",
                "city": "Bordeaux",
                "country_id": self.france.id,
            }
        )
        invoice = self.make_invoice(
            [(self.goods, 100), (self.service, 50)],
            partner_shipping_id=depot.id,
            delivery_date=date(2026, 11, 12),
        )
        invoice.action_post()
        text = self.print_text(invoice)
        self.assertIn("Adresse de livraison : Dépôt, Quai 3, 33000 Bordeaux", text)
        self.assertIn("Date de réalisation : 12/11/2026", text)
        self.assertIn("Livraison de biens et prestation de services", text)

    def test_options_of_the_company_are_printed(self):
        self.company.write(
            {
                "fr_vat_on_debits": True,
                "fr_is_association_member": True,
                "fr_is_vat_group_member": True,
                "fr_vat_group": "Groupe Lumen, FR44732829320",
                "fr_early_discount_text": "1 % pour paiement sous 8 jours",
                "fr_late_penalty_text": "13 % par an",
            }
        )
        invoice = self.make_invoice()
        invoice.action_post()
        text = self.print_text(invoice)
        for words in (
            "Option pour le paiement de la taxe d'après les débits",
            "Membre d'une association agréée",
            "Membre d'un assujetti unique : Groupe Lumen",
            "Escompte pour paiement anticipé : 1 % pour paiement sous 8 jours.",
            "Pénalités de retard au taux de 13 % par an",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Pas d'escompte", text)
        self.assertEqual(
            set(invoice._get_fr_invoice_notes()), {"PMD", "PMT", "AAB", "TXD"}
        )

    def test_penalty_rate_follows_the_settings_of_late_interest(self):
        invoice = self.make_invoice()
        self.company.write(
            {"late_interest_method": "contract", "late_interest_rate": 12.15}
        )
        texts = invoice._get_fr_mention_texts()
        self.assertIn("au taux de 12,15\u00a0% par an", texts["late_penalty"])
        legal = self.env.ref("l10n_fr_crm_billing.crm_late_reference_legal")
        self.company.write(
            {
                "late_interest_method": "reference",
                "late_interest_reference_id": legal.id,
                "late_interest_factor": 3,
                "late_interest_points": 0,
                "late_interest_fee": 45.5,
            }
        )
        texts = invoice._get_fr_mention_texts()
        self.assertIn("3 fois le taux de l'intérêt légal", texts["late_penalty"])
        self.assertIn("45,50\u00a0€", texts["recovery_fee"])

    def test_early_discount_of_the_payment_terms_is_dated(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 jours, 2 % à 10 jours",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100})],
            }
        )
        invoice = self.make_invoice(invoice_payment_term_id=term.id)
        texts = invoice._get_fr_mention_texts()
        self.assertIn(
            "2 % pour un paiement au plus tard le 30/11/2026", texts["early_discount"]
        )

    def test_credit_note_cites_the_invoice_and_the_reason(self):
        invoice = self.make_invoice()
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create(
            {"reason": "Remise convenue", "journal_id": invoice.journal_id.id}
        ).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        note.action_post()
        text = self.print_text(note)
        self.assertIn(f"Facture rectifiée : {invoice.name} du 20/11/2026", text)
        self.assertIn("Motif de l'avoir : Remise convenue", text)
        self.assertNotIn("Net de taxe", text)

    def test_rebate_without_vat_says_net_of_tax(self):
        invoice = self.make_invoice()
        invoice.action_post()
        note = invoice._reverse_moves([{"fr_credit_reason": "Remise annuelle"}])
        tax = self._find_tax("tva_sale_service_0").copy(
            {
                "name": "0% net de taxe",
                "ubl_cii_tax_category_code": "O",
            }
        )
        note.invoice_line_ids.tax_ids = tax
        note.invoice_date = date(2026, 11, 20)
        note.action_post()
        self.assertEqual(note.amount_tax, 0)
        self.assertIn("Net de taxe", self.print_text(note))

    def test_totals_are_told_per_rate(self):
        vat55 = self._find_tax("tva_reduite")
        invoice = self.make_invoice([(self.goods, 1000), (self.goods, 200, vat55)])
        invoice.action_post()
        text = self.print_text(invoice)
        totals = text.partition("Untaxed Amount")[2]
        for amount in (1200, 1000, 200, 11):
            self.assertIn(self.write_amount(amount), totals)
        self.assertIn("VAT 5.5%", totals)

    def test_self_billed_document_names_the_supplier_as_seller(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Autofacturation",
                "code": "AUTO",
                "type": "purchase",
                "is_self_billing": True,
                "company_id": self.company.id,
            }
        )
        tax = self._find_tax("tva_acq_encaissement")
        bill = self.make_invoice(
            [(self.service, 300, tax)],
            move_type="in_invoice",
            journal_id=journal.id,
            ref="S-1",
        )
        self.assertNotIn("missing_legal_form", self.codes_of(bill))
        bill.action_post()
        texts = bill._get_fr_mention_texts()
        self.assertEqual(texts["self_billing"], "Autofacturation")
        self.assertIn("Océane Cosmétiques", texts["seller_identity"])
        self.assertEqual(texts["seller_siren"], "SIREN 552081317")
        self.assertEqual(texts["buyer_siren"], "732829320")

    def test_foreign_company_prints_and_checks_nothing(self):
        self.company.country_id = self.env.ref("base.be")
        self.company.write({"street": False, "city": False})
        invoice = self.make_invoice()
        self.assertFalse(invoice.fr_checklist)
        invoice.action_post()
        self.assertFalse(invoice.fr_mentions_kept)
        self.assertEqual(invoice._get_fr_mentions(), [])
        self.assertNotIn("Indemnité forfaitaire", self.print_text(invoice))
