import json
import secrets
import uuid
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .. import const
from ..lib import envelope as lib
from ..lib.tabs import Field


class CrmConnection(models.Model):
    """What the signature engine asks of DocuSign: each wish becomes an exchange."""

    _inherit = "crm.connection"

    # === Before sending === #

    def _sign_prepare_docusign(self, request):
        """Refuse with a sentence what DocuSign or this account cannot do."""
        self._check_docusign_ready()
        self._get_docusign_provider(request)
        for signer in request.signer_ids:
            self._check_docusign_signer(request, signer)
        for document in request.document_ids:
            if document.has_signature:
                raise UserError(
                    self.env._(
                        "%(name)s already carries a signature, which DocuSign would"
                        " break. Choose our own pages for it.",
                        name=document.name,
                    )
                )
        size = sum(len(d._get_original()) for d in request.document_ids) * 4 // 3
        if size > const.REQUEST_MAX_BYTES:
            raise UserError(
                self.env._(
                    "The documents are too large for DocuSign, which takes %(mb)s MB"
                    " in all: choose our own pages, or make them smaller.",
                    mb=const.REQUEST_MAX_BYTES * 3 // 4 // 1_000_000,
                )
            )

    def _check_docusign_signer(self, request, signer):
        needs_phone = signer.code_channel == "sms" or request.level != "simple"
        if not signer._get_email():
            raise UserError(
                self.env._(
                    "DocuSign writes to signers by mail: %(name)s has no address.",
                    name=signer.name,
                )
            )
        if signer.code_channel == "sms" and not self.docusign_phone_workflow:
            raise UserError(
                self.env._(
                    "This DocuSign account offers no code by SMS: choose another way"
                    " for %(name)s. If it was just switched on, press Test on the"
                    " connection.",
                    name=signer.name,
                )
            )
        if needs_phone and not self._get_docusign_phone(signer):
            raise UserError(
                self.env._(
                    "DocuSign needs a phone number that can be called from abroad:"
                    " correct that of %(name)s.",
                    name=signer.name,
                )
            )

    def _get_docusign_provider(self, request):
        """Return DocuSign's provider for the level, empty for simple.

        :raise UserError: the account does not offer the level
        """
        if request.level == "simple":
            return ""
        name = self[f"docusign_{request.level}_provider"]
        if not name:
            levels = dict(request._fields["level"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The DocuSign account of %(name)s does not offer the level"
                    " '%(level)s': choose another level or another service.",
                    name=self.name,
                    level=levels[request.level],
                )
            )
        return name

    def _get_docusign_phone(self, signer):
        """Return the number in E.164, empty when it cannot be read."""
        country = signer.partner_id.country_id or signer.company_id.country_id
        number = signer._phone_format(
            number=signer.phone or "", country=country, force_format="E164"
        )
        try:
            lib.split_phone(number or "")
        except ValueError:
            return ""
        return number

    # === Sending === #

    def _sign_send_docusign(self, request):
        """Have a draft made; its answer has it sent.

        Called again by a person once the cause of a failure is repaired: what failed
        is then tried under a new name.
        """
        if request.remote_id:
            wish = {"envelope": request.remote_id}
            name = self._name_docusign_try(const.CALL_SEND, request)
            self._ask_docusign(const.CALL_SEND, request, wish, name)
            return
        name = self._name_docusign_try(const.CALL_CREATE, request)
        self._ask_docusign(
            const.CALL_CREATE,
            request,
            {
                "definition": self._prepare_docusign_definition(request),
                "files": {
                    str(document.id): document.sha256
                    for document in request.document_ids
                },
                # the clocks of two companies differ
                "since": (request.sent_at - timedelta(hours=1)).isoformat() + "Z",
                "is_again": name != const.CALL_CREATE,
            },
            name,
        )

    def _name_docusign_try(self, event, request):
        """Return the name of the next try: the same until one has failed."""
        failed = self.env["crm.exchange"].search_count(
            [
                ("connection_id", "=", self.id),
                ("event", "=", event),
                ("res_model", "=", request._name),
                ("res_id", "=", request.id),
                ("state", "in", ("failed", "ignored")),
            ]
        )
        return f"{event}-{failed + 1}" if failed else event

    def _prepare_docusign_definition(self, request):
        """Return the envelope without the content of its files."""
        signers = request.signer_ids.filtered(lambda s: s.state != "delegated")
        provider = self._get_docusign_provider(request)
        envelope = lib.Envelope(
            reference=request.reference,
            transaction_id=self._get_docusign_transaction(request),
            subject=request.name,
            message=html2plaintext(request.message or ""),
            documents=tuple(
                lib.Document(str(document.id), document.name)
                for document in request.document_ids
            ),
            signers=tuple(
                self._prepare_docusign_signer(signer, provider) for signer in signers
            ),
            expire_days=self._get_docusign_days(request),
            # The permission is one for all at DocuSign.
            allow_reassign=all(signers.mapped("can_delegate")),
            webhook_url=self._get_docusign_door(),
            phone_workflow=self.docusign_phone_workflow or "",
        )
        return lib.build_envelope_v1(
            envelope,
            reference_field=const.REFERENCE_FIELD,
            events=const.CONNECT_EVENTS,
            subject_length=const.SUBJECT_LENGTH,
            message_length=const.MESSAGE_LENGTH,
        )

    def _prepare_docusign_signer(self, signer, provider):
        return lib.Signer(
            recipient_id=str(signer.id),
            name=signer.name,
            email=signer._get_email(),
            order=signer.order,
            lang=signer._get_lang(),
            phone=self._get_docusign_phone(signer),
            code_sms=signer.code_channel == "sms",
            signature_provider=provider,
            fields=tuple(
                Field(
                    key=f"field-{field.id}",
                    document_id=str(field.document_id.id),
                    kind=field.type,
                    **field._prepare_box(),
                    required=field.required,
                    label=field.label or "",
                    value=field.value or "",
                )
                for field in signer.field_ids
            ),
        )

    def _get_docusign_transaction(self, request):
        """Return the same GUID for each try to create this envelope."""
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        name = f"crm-sign:{database}:{request.reference}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    def _get_docusign_days(self, request):
        """Return the days until DocuSign closes the envelope, 0: its own rule.

        One more than ours: DocuSign counts from the hour of sending, we give the
        last day in full, and void what is still open after it.
        """
        if not request.date_expiry:
            return 0
        return max(1, (request.date_expiry - request._get_today()).days + 1)

    def _get_docusign_door(self):
        """Return where Connect reports, empty when it would be refused or lost."""
        keys = self.sudo()
        url = keys.webhook_url or ""
        is_safe = url.startswith("https://")
        is_here = self._is_private_allowed(self._get_docusign_oauth_url())
        return url if keys.webhook_secret and (is_safe or is_here) else ""

    # === Following === #

    def _sign_cancel_docusign(self, request, reason):
        """Void the envelope; what is not yet made is not made any more."""
        if request.remote_id:
            text = html2plaintext(reason or "") or request.name
            self._ask_docusign(const.CALL_VOID, request, {"reason": text}, "void")

    def _sign_remind_docusign(self, request, signers):
        """Have DocuSign write again to those whose turn it is."""
        if not request.remote_id:
            return
        recipients = [
            {
                "recipientId": str(signer.id),
                "name": signer.name,
                "email": signer._get_email(),
            }
            for signer in signers
        ]
        if recipients:
            wish = {"signers": recipients}
            self._ask_docusign(
                const.CALL_REMIND, request, wish, f"remind-{secrets.token_hex(8)}"
            )

    def _sign_refresh_docusign(self, request):
        """Ask where the envelope is, unless it was asked too short a time ago."""
        if not request.remote_id:
            self._tell_docusign_user(
                self.env._("The request is still on its way to DocuSign.")
            )
        elif not request._may_ask_docusign() or self._is_docusign_asked(request):
            self._tell_docusign_user(
                self.env._(
                    "DocuSign allows one question every quarter of an hour: it was"
                    " asked a moment ago, the answer is on this page."
                )
            )
        else:
            self._read_docusign(request)

    def _is_docusign_asked(self, request=None):
        """Tell whether a question waits for its answer: about one, or about many."""
        domain = [
            ("connection_id", "=", self.id),
            ("event", "=", const.CALL_READ),
            ("state", "=", "pending"),
            ("res_id", "=", request.id if request else False),
        ]
        return bool(self.env["crm.exchange"].search_count(domain, limit=1))

    def _tell_docusign_user(self, message):
        self.env.user._bus_send(
            "simple_notification", {"type": "info", "message": message}
        )

    def _read_docusign(self, requests):
        """Have one call read the envelopes of these requests.

        The answer notes when: a writing here would meet facts that arrive meanwhile.
        """
        body = {"envelopes": requests.mapped("remote_id")}
        self._enqueue(
            const.CALL_READ,
            json.dumps(body).encode(),
            idempotency_key=f"docusign-read-{secrets.token_hex(12)}",
            record=requests if len(requests) == 1 else None,
            personal=False,
        )

    def _sign_fetch_docusign(self, request):
        """Have the signed files and the certificate brought again."""
        if request.remote_id:
            self._ask_docusign(
                const.CALL_FETCH, request, {}, f"fetch-{secrets.token_hex(8)}"
            )

    def _ask_docusign(self, event, request, wish, name):
        """Write one exchange about a request; the same name is asked once."""
        return self._enqueue(
            event,
            json.dumps(wish).encode(),
            idempotency_key=f"docusign-{request.reference}-{name}",
            record=request,
        )
