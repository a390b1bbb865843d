import secrets

from odoo import fields, models
from odoo.tools import email_normalize

from odoo.addons.crm_base.lib.tokens import hash_token, make_token, token_matches

from ..exceptions import SignRefused
from ..lib import one_time_code
from ..lib.instants import aware, naive

SESSION_BYTES = 24


class CrmSignSigner(models.Model):
    """The one-time code, and the browser in which it was typed.

    Another way than mail is a value more of `code_channel` and two methods named
    after it: `_deliver_code_<channel>(code)` and `_get_code_target_<channel>()`.
    """

    _inherit = "crm.sign.signer"

    def _prepare_code_facts(self):
        """Return what `lib/one_time_code.py` judges."""
        # sudo: people who read signers read no hash of a code
        signer = self.sudo()
        return one_time_code.CodeFacts(
            digest=signer.code_hash or None,
            expires_at=aware(signer.code_expires_at),
            attempts=signer.code_attempts,
            blocked_until=aware(signer.code_blocked_until),
            sent_at=aware(signer.code_sent_at),
            sends=signer.code_sends,
        )

    def _is_identified(self, session):
        """Tell whether this browser typed a good code not long ago."""
        signer = self.sudo()
        now = fields.Datetime.now()
        if not signer.session_expires_at or signer.session_expires_at <= now:
            return False
        return token_matches(session, signer.session_hash)

    # === Sending === #

    def _send_code(self, http):
        """Send a code to the signer.

        :raise SignRefused: blocked, too early for another one, or nothing to sign
        """
        signer = self._start_action()
        signer._check_may_act(http, identified=False)
        if signer.code_channel == "none":
            return
        now = fields.Datetime.now()
        facts = signer._prepare_code_facts()
        if one_time_code.is_blocked(facts, aware(now)):
            raise SignRefused("blocked", signer._get_sentence("blocked"))
        wait = one_time_code.wait_before_sending(facts, aware(now))
        if wait:
            raise SignRefused("too_early", signer._get_wait_sentence(wait))
        code = one_time_code.make_code(secrets.token_bytes(16))
        signer.write(
            {
                "code_hash": one_time_code.hash_code(code, secrets.token_bytes(16)),
                "code_sent_at": now,
                "code_expires_at": now + one_time_code.LIFETIME,
                "code_sends": signer.code_sends + 1,
            }
        )
        signer._code_method("_deliver_code")(code)
        signer.request_id._log_event(
            "code_sent",
            signer=signer,
            http=http,
            details={
                "channel": signer.code_channel,
                "to": signer._code_method("_get_code_target")(),
            },
        )

    def _code_method(self, hook):
        return getattr(self, f"{hook}_{self.code_channel}")

    def _deliver_code_mail(self, code):
        self._send_template("crm_sign.mail_template_code", sign_code=code)

    def _get_code_target_mail(self):
        return self._get_email()

    def _get_code_hint(self) -> str:
        """Return where the code goes, half hidden: who has the link may be anybody."""
        if self.code_channel == "none":
            return ""
        target = self._code_method("_get_code_target")()
        name, separator, host = target.partition("@")
        if separator:
            return f"{name[:1]}***@{host}"
        return f"{'*' * max(0, len(target) - 2)}{target[-2:]}"

    def _get_wait_sentence(self, wait):
        """Return how long the next code has to wait."""
        seconds = max(1, int(wait.total_seconds()))
        env = self.with_context(lang=self._get_lang()).env
        if seconds < 90:
            return env._(
                "A code was just sent: wait %(count)s seconds for another one.",
                count=seconds,
            )
        return env._(
            "Several codes were sent: wait %(count)s minutes for another one.",
            count=seconds // 60 + 1,
        )

    # === Checking === #

    def _check_code(self, code, http):
        """Check a typed code.

        :return: the secret of this browser, to keep in its cookie
        :raise SignRefused: wrong, too old, blocked
        """
        signer = self._start_action()
        signer._check_may_act(http, identified=False)
        now = fields.Datetime.now()
        answer = one_time_code.check_code(
            signer._prepare_code_facts(), code, aware(now)
        )
        blocked_until = answer.blocked_until
        signer.write(
            {
                "code_attempts": answer.attempts,
                "code_blocked_until": naive(blocked_until),
            }
        )
        if answer.reason != "ok":
            signer._refuse_code(answer, http)
        return signer._identify(http, now)

    def _refuse_code(self, answer, http):
        """Note a code that is not good, and say what to do."""
        if answer.reason == "wrong":
            self.request_id._log_event(
                "code_wrong", signer=self, http=http, details={"left": answer.left}
            )
            env = self.with_context(lang=self._get_lang()).env
            sentence = env._(
                "This code is not the right one. Attempts left: %(count)s.",
                count=answer.left,
            )
            raise SignRefused("wrong_code", sentence)
        if answer.reason == "blocked":
            if self.code_hash:
                # The one attempt too many; later ones find the door closed.
                self.code_hash = False
                self.request_id._log_event("code_blocked", signer=self, http=http)
            raise SignRefused("blocked", self._get_sentence("blocked"))
        code = f"code_{answer.reason}"
        raise SignRefused(code, self._get_sentence(code))

    def _identify(self, http, now):
        """Give this browser the right to sign for a while."""
        secret = make_token(secrets.token_bytes(SESSION_BYTES))
        channel = self.code_channel
        names = dict(self._fields["code_channel"]._description_selection(self.env))
        target = self._code_method("_get_code_target")()
        values = {
            "code_hash": False,
            "code_expires_at": False,
            "code_sends": 0,
            "session_hash": hash_token(secret),
            "session_expires_at": now + one_time_code.SESSION_LIFETIME,
            "identified_at": now,
            "identified_by": f"{names[channel]}: {target}",
        }
        if self.state in ("waiting", "notified", "opened"):
            values["state"] = "identified"
        self.write(values)
        self.request_id._log_event(
            "identified",
            signer=self,
            http=http,
            details={"channel": channel, "to": target},
        )
        return secret

    def _normalize(self, email):
        return email_normalize(email or "", strict=True) or ""
