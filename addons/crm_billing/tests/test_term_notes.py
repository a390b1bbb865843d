from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestTermNotes(TransactionCase):
    """French invoices print the sentence of their terms in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_and_install_lang("fr_FR")
        cls.term = cls.env.ref("account.account_payment_term_30days")
        cls.french = cls.term.with_context(lang="fr_FR")

    def test_terms_of_core_speak_french(self):
        names = ("15days", "30days", "45days", "advance_60days", "immediate")
        for name in names:
            term = self.env.ref(f"account.account_payment_term_{name}")
            note = term.with_context(lang="fr_FR").note
            self.assertIn("Conditions de", note, name)
            self.assertNotIn("Payment terms", note, name)
            self.assertIn("Payment terms", term.with_context(lang="en_US").note)
        self.assertIn("Conditions de paiement : 30 jours", self.french.note)

    def test_a_language_that_comes_later_is_mended_too(self):
        self.term.update_field_translations(
            "note", {"fr_FR": {term: term for term in self.get_terms("en_US")}}
        )
        self.assertIn("Payment terms", self.french.note)
        self.env["ir.module.module"]._load_module_terms(["account"], ["fr_FR"])
        self.assertIn("Conditions de paiement : 30 jours", self.french.note)

    def test_words_of_the_company_are_left_alone(self):
        self.french.note = "<p>Payable à 30 jours date de facture.</p>"
        self.env["account.payment.term"]._translate_core_notes(["fr_FR"])
        self.assertIn("date de facture", self.french.note)

    def get_terms(self, lang):
        field = self.term._fields["note"]
        return field.get_trans_terms(self.term.with_context(lang=lang).note)
