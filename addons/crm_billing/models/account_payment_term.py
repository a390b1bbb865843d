from odoo import api, models
from odoo.tools.translate import get_po_paths, translation_file_reader

SOURCE = "account"
SUBJECT = ("model_terms", f"{SOURCE}.payment.term,note")


class AccountPaymentTerm(models.Model):
    """The sentence that terms print on invoices, in the language of the client.

    Core wraps it in a tag that its own translations do not have: they are not found,
    and French invoices say "Payment terms: 30 Days".
    """

    _inherit = "account.payment.term"

    @api.model
    def _translate_core_notes(self, langs):
        """Give the terms of core the translations core has for them.

        What somebody wrote himself is left alone.
        """
        for lang in langs:
            known = self._read_core_notes(lang)
            for name, (source, value) in known.items():
                term = self.env.ref(f"{SOURCE}.{name}", raise_if_not_found=False)
                if term:
                    term._translate_core_note(lang, source, value)

    @api.model
    def _read_core_notes(self, lang):
        """Return {name of the term's external id: (English, translation)}."""
        return {
            row["imd_name"]: (row["src"], row["value"])
            for path in get_po_paths(SOURCE, lang)
            for row in translation_file_reader(path)
            if (row["type"], row["name"]) == SUBJECT and row["value"]
        }

    def _translate_core_note(self, lang, source, value):
        english = self.with_context(lang="en_US").note or ""
        if source not in english or self.with_context(lang=lang).note != english:
            return
        terms = self._fields["note"].get_trans_terms(english)
        self.update_field_translations(
            "note", {lang: {term: term.replace(source, value) for term in terms}}
        )
