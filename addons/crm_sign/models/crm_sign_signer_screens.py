import math

from odoo import fields, models
from odoo.tools import format_date, is_html_empty

from ..lib.one_time_code import SESSION_LIFETIME
from ..lib.page_state import PageState

# Types whose value the signer types or ticks.
TYPED = ("text", "checkbox")
WITHDRAWN = ("refused", "cancelled", "expired")


class CrmSignSigner(models.Model):
    """What the screens of the signing page say; what they may do is decided before."""

    _inherit = "crm.sign.signer"

    def _get_screen(self, state: PageState, view: str = "") -> tuple[str, dict]:
        """Return the name of the screen and what it shows.

        :param state: what `_page_state` answered for this browser
        :param view: ``read`` shows the documents again; ``sign`` goes on when no code
            is needed
        """
        self.ensure_one()
        values = self._prepare_frame()
        is_active = state.kind in ("read", "code", "sign")
        goes_on = state.is_identified and view == "sign"
        asks_to_read = view == "read" or (state.kind == "read" and not goes_on)
        if state.can_read and asks_to_read:
            return "read", {**values, **self._prepare_read(state)}
        if is_active and state.is_identified:
            return "sign", {**values, **self._prepare_sign(state)}
        if state.kind == "code":
            return "code", {**values, **self._prepare_code(state)}
        return "status", {**values, **self._prepare_status(state)}

    def _get_no_screen(self) -> dict:
        """Return what an unknown link says; nothing about anybody."""
        return {
            "screen": "unknown",
            "sentence": self.env._(
                "This signing link does not exist or is no longer valid."
            ),
            "hint": self.env._(
                "Open the link of the most recent mail you received, or ask whoever"
                " sent it for a new one."
            ),
        }

    def _get_session_seconds(self) -> int:
        """Return how long a browser stays identified."""
        return int(SESSION_LIFETIME.total_seconds())

    # === Screens === #

    def _prepare_frame(self):
        company = self.company_id
        logo = company.logo_web if not company.uses_default_logo else False
        return {
            "company_name": company.name,
            "logo": f"data:image/png;base64,{logo.decode()}" if logo else False,
            "title": self.request_id.name,
        }

    def _prepare_read(self, state):
        request = self.request_id
        is_first = state.kind == "read"
        return {
            "step": is_first and self._get_step(1, state),
            "intro": self.env._("%(name)s, please read this document.", name=self.name)
            if len(request.document_ids) == 1
            else self.env._("%(name)s, please read these documents.", name=self.name),
            "letter": False if is_html_empty(request.message) else request.message,
            "facts": self._prepare_read_facts(),
            "documents": self._prepare_documents(),
            "can_continue": is_first and not state.is_blocked,
            "block_note": state.is_blocked and self._get_block_sentence(),
            "continue_note": self._get_continue_note(state),
            "is_again": not is_first,
            "can_refuse": is_first and state.can_refuse,
            # Handing over asks for the code first, where codes are asked.
            "can_delegate": is_first and state.can_delegate and state.is_identified,
        }

    def _prepare_read_facts(self):
        request = self.request_id
        facts = [(self.env._("Sent by"), request.user_id.name)]
        if request.date_expiry and self.state != "signed":
            last_day = format_date(self.env, request.date_expiry)
            facts.append((self.env._("To be signed until"), last_day))
        return facts

    def _prepare_documents(self):
        documents, marks = [], self._prepare_marks()
        for number, document in enumerate(self.request_id.document_ids, start=1):
            sizes = document._get_page_sizes()
            documents.append(
                {
                    "name": document.name,
                    "number": number,
                    "page_count": len(sizes),
                    "pages": [
                        {
                            "number": page,
                            "width": width,
                            "height": height,
                            "marks": marks.get((document.id, page), ()),
                        }
                        for page, (width, height) in enumerate(sizes, start=1)
                    ],
                }
            )
        return documents

    def _prepare_marks(self):
        """Return the places of this signer, by document and page."""
        marks = {}
        for field in self._get_own_fields():
            place = {
                "x": field.x,
                "y": field.y,
                "width": field.width,
                "height": field.height,
                "label": field._get_label(),
            }
            marks.setdefault((field.document_id.id, field.page), []).append(place)
        return marks

    def _prepare_code(self, state):
        return {
            "step": self._get_step(2, state),
            "code_note": self.env._(
                "A code of six digits was sent to %(address)s. It is valid for ten"
                " minutes.",
                address=self._get_code_hint(),
            ),
            "block_note": state.is_blocked and self._get_block_sentence(),
        }

    def _prepare_sign(self, state):
        own = self._get_own_fields()
        inks = [self._prepare_ink("signature", self.env._("Your signature"))]
        if own.filtered(lambda field: field.type == "initials"):
            inks.append(self._prepare_ink("initials", self.env._("Your initials")))
        has_date = any(field.type == "date" for field in own)
        return {
            "step": self._get_step(3 if state.needs_code else 2, state),
            "inputs": [self._prepare_input(f) for f in own if f.type in TYPED],
            "inks": inks,
            "date_note": has_date
            and self.env._("The date of today is written for you."),
            "consent": self._get_consent_text(),
            "texts": self._get_sign_texts(),
            "can_refuse": state.can_refuse,
            "can_delegate": state.can_delegate,
        }

    def _prepare_input(self, field):
        label = field._get_label()
        return {
            "name": f"field_{field.id}",
            "type": field.type,
            "label": label,
            "required": field.required,
            "value": field.value or "",
            "missing": self.env._("Tick: %(label)s", label=label)
            if field.type == "checkbox"
            else self.env._("Fill in: %(label)s", label=label),
        }

    def _prepare_ink(self, kind, label):
        is_initials = kind == "initials"
        return {
            "kind": kind,
            "label": label,
            "name": self.name,
            "name_label": self.env._("Initials")
            if is_initials
            else self.env._("First and last name"),
            "canvas_label": self.env._("How it will look: %(label)s", label=label),
            "missing": self.env._("Your initials are missing.")
            if is_initials
            else self.env._("Your signature is missing."),
        }

    def _prepare_status(self, state):
        sentence, tone, hint = self._get_status_words(state.kind)
        files = self._get_final_files() if state.kind == "done" else ()
        return {
            "screen": state.kind,
            "sentence": sentence,
            "tone": tone,
            "hint": hint,
            "files": [
                {"name": file.name, "number": number}
                for number, file in enumerate(files, start=1)
            ],
            "can_read": state.can_read and not files,
        }

    # === Words === #

    def _get_step(self, number, state):
        count = 3 if state.needs_code else 2
        names = [self.env._("read"), self.env._("identify"), self.env._("sign")]
        name = names[number - 1] if count == 3 else names[2 * number - 2]
        return self.env._(
            "Step %(number)s of %(count)s: %(name)s",
            number=number,
            count=count,
            name=name,
        )

    def _get_continue_note(self, state):
        if state.is_identified:
            return self.env._("The next screen is for your signature.")
        return self.env._(
            "A code will be sent to %(address)s.", address=self._get_code_hint()
        )

    def _get_block_sentence(self):
        left = self.code_blocked_until - fields.Datetime.now()
        seconds = max(left.total_seconds(), 60)
        return self.env._(
            "Too many wrong codes were typed. For your safety, try again in %(count)s"
            " minutes.",
            count=math.ceil(seconds / 60),
        )

    def _get_sign_texts(self):
        return {
            "sending": self.env._("Your signature is being sent."),
            "lost": self.env._(
                "The connection was lost. Nothing of what you entered is lost: press"
                " Sign again."
            ),
            "consent_missing": self.env._("Tick the sentence of agreement to sign."),
            "picture_wrong": self.env._(
                "This file is not a picture. Choose a PNG or JPEG file."
            ),
            "picture_large": self.env._("This picture is too large: at most 10 MB."),
        }

    def _get_status_words(self, kind):
        """Return the sentence, its tone and what to do next."""
        company = self.company_id.name
        contact = self.env._(
            "For any question, contact %(name)s (%(company)s).",
            name=self.request_id.user_id.name,
            company=company,
        )
        if kind == "done":
            return self._get_done_words(contact)
        if kind == "refused":
            sentence = (
                self.env._(
                    "You refused to sign. %(company)s was told.", company=company
                )
                if self.state == "refused"
                else self.env._("Somebody refused to sign: this request has ended.")
            )
            return sentence, "", contact
        if kind == "delegated":
            name = self.delegated_to_id.name or ""
            sentence = self.env._(
                "You passed this signature on to %(name)s.", name=name
            )
            return sentence, "", contact
        words = {
            "cancelled": self.env._(
                "%(company)s withdrew this request: there is nothing to sign.",
                company=company,
            ),
            "expired": self.env._("The last day to sign this document is over."),
            "outdated": self.env._(
                "A newer version of this document exists: this one can no longer be"
                " signed."
            ),
            "waiting_turn": self.env._(
                "It is not your turn yet: somebody else signs before you. You will"
                " receive a mail when you can sign."
            ),
        }
        tone = "" if kind == "waiting_turn" else "warning"
        return words.get(kind, self._get_no_screen()["sentence"]), tone, contact

    def _get_done_words(self, contact):
        request = self.request_id
        if request.state in WITHDRAWN:
            sentence = self.env._(
                "You had signed, but this request has ended without all signatures."
            )
            return sentence, "warning", contact
        if request.state != "signed":
            return (
                self.env._("You have signed. Thank you!"),
                "ok",
                self.env._(
                    "Others still have to sign. You will receive the signed document"
                    " by mail when everybody has."
                ),
            )
        if request.seal_state == "done":
            return self.env._("Everybody has signed. Thank you!"), "ok", contact
        return (
            self.env._("Everybody has signed. Thank you!"),
            "ok",
            self.env._(
                "The signed document is being prepared. You will receive it by mail,"
                " and find it here."
            ),
        )

    # === Files and fields === #

    def _get_own_fields(self):
        """Return the fields of this signer, as they are read on the pages."""
        self.ensure_one()
        return self.request_id.field_ids.filtered(
            lambda field: field.signer_id == self
        ).sorted(lambda f: (f.document_id.sequence, f.document_id.id, f.page, f.y, f.x))

    def _get_read_files(self):
        """Return the attachments that were sent, in the order of the page."""
        self.ensure_one()
        return self.request_id.document_ids.attachment_id

    def _get_final_files(self):
        """Return the attachments that are signed; none for who did not sign."""
        self.ensure_one()
        request = self.request_id
        documents = request.document_ids
        is_ready = request.state == "signed" and request.seal_state == "done"
        if not is_ready or self.state != "signed":
            return documents.final_attachment_id.browse()
        return (
            documents.final_attachment_id
            | documents.certificate_attachment_id
            | request.audit_attachment_id
        )

    def _note_copy(self, file, http):
        """Note that a copy of a document was taken; proofs of services are not."""
        documents = self.request_id.document_ids
        for document in documents:
            if file in (document.attachment_id, document.final_attachment_id):
                self._note_download(document, http)
