from odoo import api, models

from ..lib.marks import LABEL, find_in_html, replace_in_docx, replace_in_html


class CrmDocument(models.Model):
    """The marks that a filled text bears where the record holds no value."""

    _inherit = "crm.document"

    @api.model
    def _mark_missing(self, label):
        """Return what stands where a value is missing, found again by its brackets."""
        return self.env._("[To complete: %s]", label)

    @api.model
    def _find_marked(self, text):
        """Return the labels that are still marked in a text."""
        return find_in_html(text, self._mark_missing(LABEL))

    @api.model
    def _complete_text(self, text, values):
        """Return a text with values in the place of their marks.

        :param values: {label: plain text}
        """
        return replace_in_html(text, self._by_mark(values))

    @api.model
    def _complete_docx(self, content, values):
        """Return a filled DOCX with values in the place of their marks."""
        return replace_in_docx(content, self._by_mark(values))

    def _by_mark(self, values):
        return {self._mark_missing(label): text for label, text in values.items()}
