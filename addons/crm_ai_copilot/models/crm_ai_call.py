from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..lib.fact_check import find_doubts, read_known
from ..lib.facts import get_known, get_quoted
from ..lib.french import count_words
from ..lib.results import DraftResult, SmsResult
from ..lib.sms_text import simplify

SIGNATURE_MARKS = ("-- \n", "--\n")
# Most doubts a screen shows.
MAX_DOUBTS = 12


class CrmAiCall(models.Model):
    """A draft: what it says, what a person must check, what became of it."""

    _inherit = "crm.ai.call"

    def get_draft(self):
        """Return the draft for the screen: text, HTML, and what to check.

        :return dict: ``subject``, ``body``, ``html``, ``words``, ``doubts``
        """
        self.ensure_one()
        self.check_access("read")
        result = self._get_result()
        if isinstance(result, SmsResult):
            subject, body = "", simplify(result.text)
        elif isinstance(result, DraftResult):
            subject, body = result.subject, result.body
        else:
            raise UserError(self.env._("There is no draft yet."))
        return {
            "subject": subject,
            "body": body,
            "html": self._to_html(body),
            "words": count_words(body),
            "doubts": self._find_doubts(f"{subject}\n{body}"),
        }

    def _is_draft_of(self, leads):
        """Tell whether this is a draft, still kept, about one of these deals."""
        self.ensure_one()
        call = self.sudo()
        return (
            isinstance(self._get_result(), DraftResult | SmsResult)
            and call.res_model == leads._name
            and call.res_id in leads.ids
        )

    def _find_doubts(self, text):
        """Return what the text states and no record does: ``text`` and ``level``."""
        record = self._get_record()
        context = record._prepare_deal_context()
        # What the person asked for counts as known.
        wanted = read_known(
            [(self._get_params().get("instruction") or "", context.today)]
        )
        known, quoted = get_known(context) | wanted, get_quoted(context)
        found = {}
        for doubt in find_doubts(text, known, quoted, context.today):
            found.setdefault(doubt.mention.text, doubt.level)
        return [
            {"text": text, "level": level}
            for text, level in list(found.items())[:MAX_DOUBTS]
        ]

    @staticmethod
    def _to_html(body):
        paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
        return Markup("").join(
            Markup("<p>%s</p>") % Markup("<br>").join(line for line in part.split("\n"))
            for part in paragraphs
        )

    def _decide_on_sending(self, sent_text):
        """Note that the draft left; return ``accepted`` or ``edited``.

        :param str sent_text: what was sent, as plain text without signature
        """
        self.ensure_one()
        draft = self.get_draft()["body"]
        if self._normalize(draft) == self._normalize(sent_text):
            self._decide("accepted")
            return "accepted"
        self._decide("edited", sent_text=sent_text)
        return "edited"

    @staticmethod
    def _normalize(text):
        return " ".join((text or "").split())

    @staticmethod
    def _sent_text(html):
        """Return what a person wrote, without the signature Odoo adds."""
        text = html2plaintext(html or "").strip()
        for mark in SIGNATURE_MARKS:
            text = text.split(f"\n{mark}")[0]
        return text.strip()
