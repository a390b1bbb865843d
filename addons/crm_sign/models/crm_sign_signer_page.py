from datetime import UTC

from odoo import api, fields, models

from odoo.addons.crm_base.lib.tokens import hash_token

from ..exceptions import SignRefused
from ..lib import one_time_code
from ..lib.page_state import UNKNOWN, PageFacts, PageState, decide_page


class CrmSignSigner(models.Model):
    """What the signing page asks of the engine; controllers hold no rule."""

    _inherit = "crm.sign.signer"

    @api.model
    def _find_by_token(self, token: str):
        """Return the signer of a link as superuser, empty when there is none.

        The link is looked up by its hash: nothing is compared byte by byte.
        """
        if not token or not isinstance(token, str) or len(token) > 128:
            return self.sudo().browse()
        digest = hash_token(token)
        # sudo: whoever holds the link is the signer
        return self.sudo().search(
            [
                "|",
                "|",
                ("token_hash", "=", digest),
                ("token_hash_2", "=", digest),
                ("token_hash_3", "=", digest),
            ],
            limit=1,
        )

    def _page_state(self, session: str | None = None) -> PageState:
        """Return what the page shows; an empty signer is an unknown link.

        :param session: the secret `_check_code` gave to this browser
        """
        if not self:
            return UNKNOWN
        return decide_page(self._prepare_page_facts(session))

    def _prepare_page_facts(self, session):
        request = self.request_id
        facts = self._prepare_code_facts()
        now = utc_now()
        return PageFacts(
            request_state=request.state,
            signer_state=self.state,
            is_past=request._is_past(),
            is_outdated=request.is_outdated,
            is_turn=self.is_turn,
            code_channel=self.code_channel,
            code_is_out=bool(facts.expires_at and facts.digest and now < facts.expires_at),
            is_identified=self._is_identified(session),
            is_blocked=one_time_code.is_blocked(facts, now),
            can_delegate=self.can_delegate,
        )

    def _open(self, http):
        """Note that the link was opened; once in half an hour per browser."""

    def _sign(self, values, http):
        """Sign.

        :param dict values: `consent` (True), `signature` (PNG bytes), `initials`
            (PNG bytes or None), `fields` ({field id: text})
        :param http: `HttpFacts` with the session that `_check_code` gave
        :return: True when signed now, False when it was signed before
        :raise SignRefused: not possible, with the sentence to show
        """
        raise SignRefused("not_ready", self.env._("This is not possible yet."))

    def _refuse(self, reason, http):
        """Refuse to sign, which ends the request.

        :raise SignRefused: not possible any more
        """
        raise SignRefused("not_ready", self.env._("This is not possible yet."))

    def _delegate(self, name, email, http):
        """Hand over to somebody else, who gets a link of his own.

        :return: the new signer
        :raise SignRefused: not allowed, or no valid address
        """
        raise SignRefused("not_ready", self.env._("This is not possible yet."))


def utc_now():
    """Return now as an aware instant."""
    return fields.Datetime.now().replace(tzinfo=UTC)
