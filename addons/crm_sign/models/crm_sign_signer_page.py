from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.crm_base.lib.tokens import hash_token

from ..exceptions import SignRefused
from ..lib import one_time_code
from ..lib.http_facts import HttpFacts
from ..lib.instants import aware
from ..lib.page_state import UNKNOWN, PageFacts, PageState, decide_page

ACTIVE = ("read", "code", "sign")
# The same browser that opens the link again within this time is one opening.
ONE_VISIT = timedelta(minutes=30)


class CrmSignSigner(models.Model):
    """What the signing page asks of the engine; controllers hold no rule."""

    _inherit = "crm.sign.signer"

    @api.model
    def _make_http_facts(self, ip, user_agent, session):
        """Return the facts of one request of a browser, as the engine takes them."""
        return HttpFacts(ip=ip, user_agent=user_agent, session=session)

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
        now = aware(fields.Datetime.now())
        is_out = facts.digest and facts.expires_at and now < facts.expires_at
        return PageFacts(
            request_state=request.state,
            signer_state=self.state,
            is_past=request._is_past(),
            is_outdated=request.is_outdated,
            is_turn=self.is_turn,
            code_channel=self.code_channel,
            code_is_out=bool(is_out),
            is_identified=self._is_identified(session),
            is_blocked=one_time_code.is_blocked(facts, now),
            # Signed elsewhere: our own page has no say.
            can_delegate=self.can_delegate and not request.connection_id,
        )

    def _start_action(self):
        """Lock the request of a signer and read it again; the signer as superuser."""
        self.ensure_one()
        signer = self.sudo()
        request = signer.request_id
        request._lock()
        request.signer_ids.invalidate_recordset()
        # The thread says who moved the request on, never the public user.
        request._track_set_author(signer.partner_id or request.company_id.partner_id)
        return signer

    def _check_may_act(self, http, identified=True):
        """Refuse what the page would not show.

        :param identified: a good code is needed, where codes are asked
        """
        state = self._page_state(http.session)
        if state.kind not in ACTIVE:
            raise SignRefused(state.kind, self._get_sentence(state.kind))
        if identified and not state.is_identified:
            raise SignRefused("code_needed", self._get_sentence("code_needed"))

    # === Reading === #

    def _open(self, http):
        """Note that the link was opened; once in half an hour per browser.

        Evidence only: it binds nobody and lets nobody go further.
        """
        signer = self.sudo()
        if signer._page_state(http.session).kind not in (*ACTIVE, "waiting_turn"):
            return
        since = fields.Datetime.now() - ONE_VISIT
        known = (
            self.env["crm.sign.event"]
            .sudo()
            .search_count(
                [
                    ("signer_id", "=", signer.id),
                    ("kind", "=", "opened"),
                    ("at", ">=", since),
                    ("ip", "=", (http.ip or "")[:64]),
                    ("user_agent", "=", (http.user_agent or "")[:255]),
                ],
                limit=1,
            )
        )
        if known:
            return
        signer.request_id._log_event("opened", signer=signer, http=http)
        values = {}
        if not signer.opened_at:
            values["opened_at"] = fields.Datetime.now()
        # Not from "waiting": who looks before his turn still has to be told.
        if signer.state == "notified":
            values["state"] = "opened"
        if values:
            signer.write(values)

    def _note_download(self, document, http):
        """Note that a signer took a copy of a document."""
        signer = self.sudo()
        signer.request_id._log_event(
            "downloaded",
            signer=signer,
            http=http,
            details={"name": document.name, "final": bool(document.final_sha256)},
        )

    # === Ending === #

    def _refuse(self, reason, http):
        """Refuse to sign, which ends the request.

        :raise SignRefused: not possible any more, or no reason given
        """
        signer = self._start_action()
        if signer.state == "refused":
            return
        signer._check_may_act(http, identified=False)
        reason = " ".join((reason or "").split())[:1000]
        if not reason:
            raise SignRefused("reason_missing", signer._get_sentence("reason_missing"))
        signer.write(
            {
                "state": "refused",
                "refused_reason": reason,
                "ip": http.ip,
                "user_agent": (http.user_agent or "")[:255],
            }
        )
        request = signer.request_id
        request._log_event(
            "refused", signer=signer, http=http, details={"reason": reason}
        )
        request._close_refused(signer, reason)
        request._mail_withdrawn(signer)

    def _delegate(self, name, email, http):
        """Hand over to somebody else, who gets a link of his own.

        :return: the new signer
        :raise SignRefused: not allowed, or no valid address
        """
        signer = self._start_action()
        signer._check_may_act(http)
        if not signer._page_state(http.session).can_delegate:
            raise SignRefused("no_delegation", signer._get_sentence("no_delegation"))
        values = signer._prepare_delegate(name, email)
        successor = signer.create(values)
        signer.field_ids.write({"signer_id": successor.id})
        signer.write(
            {
                "state": "delegated",
                "delegated_to_id": successor.id,
                "session_hash": False,
            }
        )
        signer.request_id._log_event(
            "delegated",
            signer=signer,
            http=http,
            details={"to": successor._get_evidence_name()},
        )
        successor._notify()
        return successor

    def _prepare_delegate(self, name, email):
        """Return the values of the person who signs instead."""
        name = " ".join((name or "").split())[:120]
        address = self._normalize(email)
        if not name or not address:
            raise SignRefused("no_address", self._get_sentence("no_address"))
        others = {signer._get_email() for signer in self.request_id.signer_ids}
        if address in others:
            raise SignRefused("same_signer", self._get_sentence("same_signer"))
        return {
            "request_id": self.request_id.id,
            "name": name,
            "email": address,
            "lang": self.lang,
            "order": self.order,
            "role": self.role,
            # A code by mail: the phone of somebody unknown is nowhere.
            "code_channel": "none" if self.code_channel == "none" else "mail",
        }

    # === Sentences === #

    def _get_sentence(self, code):
        """Return what a refusal says, in the language of the signer."""
        env = self.with_context(lang=self._get_lang()).env
        sentences = {
            "unknown": env._("This link is not valid."),
            "cancelled": env._("This request was withdrawn: there is nothing to sign."),
            "expired": env._("The last day for signing is over: ask for a new link."),
            "outdated": env._(
                "A newer version of this document exists: this one can no longer be"
                " signed. A new link will be sent to you."
            ),
            "refused": env._("Signing was refused: this request has ended."),
            "delegated": env._("You handed this request over to somebody else."),
            "done": env._("You have already signed."),
            "waiting_turn": env._(
                "It is not your turn yet: you will get a mail when the others have"
                " signed."
            ),
            "code_needed": env._("Type the code we sent you first."),
            "reason_missing": env._("Say why you refuse, in a few words."),
            "no_delegation": env._("This request cannot be handed over."),
            "no_address": env._("Enter a name and a valid e-mail address."),
            "same_signer": env._("This person is already asked to sign."),
            "consent_missing": env._("Tick the box that says you agree first."),
            "signature_missing": env._("Draw, type or upload your signature first."),
            "initials_missing": env._("Your initials are missing."),
            "image_refused": env._("This picture of a signature cannot be used."),
            "wrong_code": env._("This code is not the right one."),
            "code_expired": env._("This code is too old: ask for a new one."),
            "code_missing": env._("Ask for a code first."),
            "blocked": env._(
                "Too many wrong codes: for your safety nothing can be signed here for"
                " half an hour."
            ),
        }
        return sentences[code]
