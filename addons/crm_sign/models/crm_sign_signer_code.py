from datetime import UTC

from odoo import models

from odoo.addons.crm_base.lib.tokens import token_matches

from ..lib import one_time_code


class CrmSignSigner(models.Model):
    """The one-time code, and the browser in which it was typed."""

    _inherit = "crm.sign.signer"

    def _prepare_code_facts(self):
        """Return what `lib/one_time_code.py` judges."""
        return one_time_code.CodeFacts(
            digest=self.code_hash or None,
            expires_at=aware(self.code_expires_at),
            attempts=self.code_attempts,
            blocked_until=aware(self.code_blocked_until),
            sent_at=aware(self.code_sent_at),
            sends=self.code_sends,
        )

    def _is_identified(self, session):
        """Tell whether this browser typed a good code not long ago."""
        now = self.env.cr.now().replace(tzinfo=None)
        if not self.session_expires_at or self.session_expires_at <= now:
            return False
        return token_matches(session, self.session_hash)

    def _send_code(self, http):
        """Send a code to the signer.

        :raise SignRefused: blocked, or too early for another one
        """

    def _check_code(self, code, http):
        """Check a typed code.

        :return: the secret of this browser, to keep in its cookie
        :raise SignRefused: wrong, expired, blocked
        """


def aware(at):
    """Return a stored instant with its zone, None when there is none."""
    return at.replace(tzinfo=UTC) if at else None
