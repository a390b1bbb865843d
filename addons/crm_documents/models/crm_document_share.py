import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.tokens import hash_token, make_token

from ..lib.share import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    ShareFacts,
    after_wrong_password,
    browser_pass,
    hash_password,
    password_matches,
    share_state,
)

MAX_VALIDITY_DAYS = 366
MAX_TOKEN_LENGTH = 64
TOKEN_BYTES = 32
SALT_BYTES = 16


class CrmDocumentShare(models.Model):
    """A link to one document: it expires, may ask a password, and can be revoked.

    The address is shown once; only its hash is kept.
    """

    _name = "crm.document.share"
    _inherit = ["crm.document.part"]
    _description = "Link to a Document"
    _order = "id DESC"

    document_id = fields.Many2one(
        "crm.document", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="document_id.company_id", store=True)
    name = fields.Char(string="For Whom", required=True, readonly=True)
    token_hash = fields.Char(groups=fields.NO_ACCESS, copy=False)
    password_hash = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_password = fields.Boolean(string="Password", readonly=True)
    expires_at = fields.Datetime(string="Expires", required=True, readonly=True)
    revoked_at = fields.Datetime(string="Revoked", readonly=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True)
    wrong_count = fields.Integer(string="Wrong Passwords in a Row", readonly=True)
    blocked_until = fields.Datetime(readonly=True)
    visit_ids = fields.One2many("crm.document.visit", "share_id")
    visit_count = fields.Integer(
        string="Visits", compute="_compute_visits", compute_sudo=False
    )
    last_visit_at = fields.Datetime(
        string="Last Visit", compute="_compute_visits", compute_sudo=False
    )
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
    )

    _token_uniq = models.UniqueIndex("(token_hash)", "This link exists already.")

    @api.depends("visit_ids")
    def _compute_visits(self):
        groups = self.env["crm.document.visit"]._read_group(
            [("share_id", "in", self.ids), ("kind", "in", ("opened", "downloaded"))],
            ["share_id"],
            ["__count", "at:max"],
        )
        facts = {share: (count, last) for share, count, last in groups}
        for share in self:
            share.visit_count, share.last_visit_at = facts.get(share, (0, False))

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for share in self:
            if share.revoked_at:
                share.state = "revoked"
            elif share.expires_at and share.expires_at <= now:
                share.state = "expired"
            else:
                share.state = "active"

    # === Life === #

    @api.model
    def _hash(self, password):
        """Return the slow hash of a password as typed.

        :raise UserError: it is too short or too long
        """
        if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
            raise UserError(
                self.env._(
                    "The password needs %(least)s to %(most)s characters.",
                    least=MIN_PASSWORD_LENGTH,
                    most=MAX_PASSWORD_LENGTH,
                )
            )
        return hash_password(password, secrets.token_bytes(SALT_BYTES))

    @api.model
    def _make(self, document, name, expires_at, password_hash=False):
        """Create a link to a document the user may read.

        :param password_hash: from `_hash`; empty for a link without a password
        :return: (share, token); the token is kept nowhere
        """
        document.check_access("read")
        self.env["crm.hook"]._check_entitlement("documents.share", document.company_id)
        now = fields.Datetime.now()
        if not now < expires_at <= now + timedelta(days=MAX_VALIDITY_DAYS):
            raise UserError(self.env._("The link must end within a year from now."))
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        # sudo: links are written by this method only, after the check above
        share = self.sudo().create(
            {
                "document_id": document.id,
                "name": name,
                "token_hash": hash_token(token),
                "password_hash": password_hash,
                "has_password": bool(password_hash),
                "expires_at": expires_at,
            }
        )
        return share.sudo(False), token

    def _get_url(self, token):
        """Return the address of a link just made."""
        return f"{self.document_id.get_base_url()}/documents/s/{token}"

    def action_revoke(self):
        """Close the links now; what was open in a browser closes too."""
        self.check_access("read")
        if not self.env.user.has_group("crm_base.crm_base_group_seller"):
            raise UserError(self.env._("Only sellers close links."))
        # sudo: the right to the document was checked
        self.sudo().filtered(lambda share: not share.revoked_at).write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )

    # === The public page === #

    @api.model
    def _find_by_token(self, token):
        """Return the link of an address as superuser, or nothing."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            return self.sudo().browse()
        # sudo: a visitor reads no link; the hash of a random token finds his
        return self.sudo().search([("token_hash", "=", hash_token(token))], limit=1)

    def _get_page_state(self, browser_pass_value=""):
        """Return what the page shows; see `lib/share.py`."""
        self.ensure_one()
        attachment = self.document_id._get_main_attachment()
        return share_state(
            ShareFacts(
                has_password=self.has_password,
                is_unlocked=self._is_unlocked(browser_pass_value),
                expires_at=self.expires_at,
                revoked_at=self.revoked_at or None,
                blocked_until=self.blocked_until or None,
                has_file=bool(attachment),
            ),
            fields.Datetime.now(),
        )

    def _is_unlocked(self, value):
        return bool(self.has_password and value and value == self._get_browser_pass())

    def _get_browser_pass(self):
        return browser_pass(self.token_hash, self.password_hash or "", self.id)

    def _try_password(self, password, http):
        """Return the pass of the browser, or None when the password is wrong.

        Tries are counted under a lock: several at once are no way round the limit.
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["blocked_until", "wrong_count"])
        if self._get_page_state() != "locked":
            return None
        if password_matches(password, self.password_hash):
            self.write({"wrong_count": 0, "blocked_until": False})
            self._log_visit("unlocked", http)
            return self._get_browser_pass()
        count, until = after_wrong_password(self.wrong_count, fields.Datetime.now())
        self.write({"wrong_count": count, "blocked_until": until or False})
        self._log_visit("blocked" if until else "wrong_password", http)
        return None

    def _log_visit(self, kind, http):
        """Add a row to the list of visits and tell listeners of the first opening.

        :param http: (address, user agent) of the visitor
        """
        self.ensure_one()
        is_first = kind == "opened" and not self.visit_ids
        self.env["crm.document.visit"].sudo().create(
            {
                "share_id": self.id,
                "kind": kind,
                "at": fields.Datetime.now(),
                "ip": (http[0] or "")[:64],
                "user_agent": (http[1] or "")[:300],
            }
        )
        if is_first:
            document = self.document_id
            self.env["crm.hook"]._emit_event(
                "document.opened",
                document,
                {"document_id": document.id, "name": document.name, "by": self.name},
            )
            document.message_post(
                body=self.env._(
                    "%(name)s opened the document for the first time.", name=self.name
                ),
                author_id=self.env.ref("base.partner_root").id,
            )
