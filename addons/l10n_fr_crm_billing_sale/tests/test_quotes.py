from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.l10n_fr_crm_billing.tests.mention_common import TODAY

from .test_deposits import SaleCase

REPORT = "sale.action_report_saleorder"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQuotes(SaleCase):
    """A quote says until when it holds, and binds nobody afterwards."""

    def make_quote(self, **values):
        return self.make_order(
            [(self.service, 1000, self.vat20_services)],
            **{"validity_date": date(2026, 12, 20), **values},
        )

    def test_quote_to_a_business(self):
        quote = self.make_quote(client_order_ref="BC 12")
        text = self.print_text(quote, REPORT)
        for words in (
            "Devis valable jusqu'au : 20/12/2026",
            "Agence Lumen, 18 rue du Mail, 75002 Paris",
            "RCS Paris",
            "SIREN du client : 552081317",
            "BC 12",
            "Prestation de services",
        ):
            self.assertIn(words, text)
        for words in ("Établissement du devis", "rétractation", "Médiateur"):
            self.assertNotIn(words, text)

    def test_quote_to_a_consumer_signed_at_home(self):
        self.company.fr_mediator = "CM2C, Paris"
        site = self.consumer.copy(
            {
                "name": "Chantier",
                "parent_id": self.consumer.id,
                "type": "delivery",
                "street": "9 rue B",
            }
        )
        quote = self.make_quote(
            partner_id=self.consumer.id,
            partner_shipping_id=site.id,
            fr_is_off_premises=True,
            fr_waste="2 m3 de gravats, déchetterie de Gerland, 80 €",
        )
        text = self.print_text(quote, REPORT)
        for words in (
            "Établissement du devis : gratuit",
            "Lieu d'exécution : Chantier, 9 rue B",
            "Déchets de chantier : 2 m3 de gravats",
            "14 jours pour se rétracter",
            "Médiateur de la consommation : CM2C, Paris",
        ):
            self.assertIn(words, text)

    def test_expired_quote_is_offered_anew_before_it_is_accepted(self):
        quote = self.make_quote(validity_date=date(2026, 11, 19))
        self.assertTrue(quote.is_expired)
        with self.assertRaisesRegex(UserError, "19/11/2026"):
            quote.action_confirm()
        self.assertFalse(quote._has_to_be_signed())
        quote.action_fr_renew_offer()
        self.assertGreaterEqual(quote.validity_date, date(2026, 12, 20))
        self.assertIn("19/11/2026", quote.message_ids[0].body)
        quote.action_confirm()
        self.assertEqual(quote.state, "sale")

    def test_quote_paid_online_is_confirmed_whatever_the_date(self):
        quote = self.make_quote(validity_date=date(2026, 11, 19))
        quote.sudo().action_confirm()
        self.assertEqual(quote.state, "sale")

    def test_quote_abroad_does_not_follow_the_french_rule(self):
        self.company.country_id = self.env.ref("base.be")
        quote = self.make_quote(validity_date=date(2026, 11, 19))
        self.assertEqual(quote._get_fr_mentions(), [])
        # Another addon may refuse it all the same: not by the French rule.
        self.assertNotIn("Renew", quote._confirmation_error_message() or "")

    def test_quote_keeps_the_words_it_was_sent_with(self):
        quote = self.make_quote()
        quote.action_quotation_sent()
        self.company.fr_share_capital = 50000
        words = self.env.ref("l10n_fr_crm_billing.crm_legal_mention_quote_validity")
        words.wording = "autre chose %(valid_until)s"
        self.assertIn("10 000 €", self.print_text(quote, REPORT))
        quote.action_confirm()
        text = self.print_text(quote, REPORT)
        self.assertIn("10 000 €", text)
        self.assertNotIn("autre chose", text)

    def test_change_while_it_is_with_the_client_is_printed(self):
        quote = self.make_quote()
        quote.action_quotation_sent()
        quote.validity_date = date(2027, 1, 31)
        self.assertIn("31/01/2027", self.print_text(quote, REPORT))
        quote._action_cancel()
        quote.action_draft()
        self.assertFalse(quote.fr_mentions_kept)

    def test_panel_tells_what_the_quote_lacks(self):
        quote = self.make_quote()
        self.assertFalse(quote.fr_checklist)
        quote.validity_date = False
        self.assertEqual(self.codes_of(quote), {"missing_quote_validity": "warn"})
        self.company.fr_legal_form = False
        quote.invalidate_recordset()
        self.assertIn("missing_legal_form", self.codes_of(quote))
        action = quote.action_fr_fix("missing_legal_form:fr_legal_form")
        self.assertEqual(action["res_model"], "crm.fr.setup")
        quote.validity_date = date(2026, 12, 20)
        quote.action_confirm()
        self.assertFalse(quote.fr_checklist)
