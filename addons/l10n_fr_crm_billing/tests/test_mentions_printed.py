from odoo import Command, fields
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
