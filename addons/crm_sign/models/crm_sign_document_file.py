import json

from odoo import models
from odoo.exceptions import UserError

from ..lib.evidence import sha256
from ..lib.instants import aware
from ..providers.anchors import find_anchors, hide_anchors
from ..providers.pdf_reading import MAX_BYTES, MAX_PAGES, read_pdf
from ..providers.refused import PdfRefused
from ..providers.sealing import Place, SealFacts
from ..providers.stamping import Mark

PICTURES = {"signature": "signature_image", "initials": "initials_image"}


class CrmSignDocument(models.Model):
    """The bytes of a document: read when it comes, drawn on when all have signed."""

    _inherit = "crm.sign.document"

    # === Reading === #

    def _set_original(self, raw: bytes):
        """Keep a PDF as the original; refuse with a sentence what cannot be signed.

        Anchors like `{{sign:1}}` become fields and are painted over: what is kept,
        hashed and shown is the file without them.

        :raise UserError: not a PDF, damaged, encrypted, too large ...
        """
        self.ensure_one()
        self._check_still_draft()
        try:
            facts = read_pdf(raw)
            anchors = find_anchors(raw, facts)
            if anchors and not facts.has_signature:
                raw = hide_anchors(raw, anchors)
        except PdfRefused as error:
            raise UserError(self._get_refusal(error.reason)) from error
        # sudo: people read the attachments of their documents, only we write them
        document = self.sudo()
        former = document.attachment_id
        document.write(
            {
                "attachment_id": document._store_file(self.name, raw).id,
                "sha256": sha256(raw),
                "page_count": facts.page_count,
                "pages_json": json.dumps(
                    [[round(w, 2), round(h, 2)] for w, h in facts.page_sizes]
                ),
                "has_signature": facts.has_signature,
            }
        )
        former.unlink()
        document._place_anchors(anchors)

    def _place_anchors(self, anchors):
        """Make the fields that the text of the file asks for."""
        self.field_ids.filtered(lambda f: f.source == "anchor").unlink()
        self.env["crm.sign.field"].create(
            [
                {
                    "document_id": self.id,
                    "request_id": self.request_id.id,
                    "type": anchor.kind,
                    "anchor_rank": anchor.rank,
                    "page": anchor.page,
                    "x": anchor.x,
                    "y": anchor.y,
                    "width": anchor.width,
                    "height": anchor.height,
                    "required": anchor.required,
                    "label": anchor.label,
                    "source": "anchor",
                }
                for anchor in anchors
            ]
        )
        self.request_id._assign_anchors()

    def _get_refusal(self, reason: str) -> str:
        """Return why a file cannot be signed and what to do, for people."""
        name = self.name
        sentences = {
            "not_pdf": self.env._(
                "%(name)s is not a PDF file: save it as PDF first.", name=name
            ),
            "empty": self.env._("%(name)s is empty.", name=name),
            "encrypted": self.env._(
                "%(name)s is protected by a password: save it without protection, then"
                " add it again.",
                name=name,
            ),
            "damaged": self.env._(
                "%(name)s is damaged: open it, save or print it as PDF again, then add"
                " the new file.",
                name=name,
            ),
            "too_large": self.env._(
                "%(name)s is larger than %(size)s MB: reduce its pictures or split it.",
                name=name,
                size=MAX_BYTES // (1024 * 1024),
            ),
            "too_many_pages": self.env._(
                "%(name)s has more than %(count)s pages: split it.",
                name=name,
                count=MAX_PAGES,
            ),
            "dynamic_form": self.env._(
                "%(name)s is a form that changes by itself: print it as PDF first.",
                name=name,
            ),
            "locked": self.env._(
                "Whoever signed %(name)s allowed no further signature on it.", name=name
            ),
            "already_signed": self.env._(
                "%(name)s was signed before: its pages can no longer be changed.",
                name=name,
            ),
            "picture": self.env._("A picture in %(name)s cannot be used.", name=name),
        }
        return sentences.get(reason) or self.env._(
            "%(name)s cannot be signed.", name=name
        )

    # === Drawing === #

    def _get_shown_fields(self):
        """Return the field in which each signer's signature itself is shown."""
        shown = {}
        for field in self.field_ids:
            if field.type == "signature" and field.signer_id not in shown:
                shown[field.signer_id] = field
        return shown

    def _prepare_marks(self):
        """Return what is drawn on the pages beside the signatures themselves."""
        self.ensure_one()
        shown = {field.id for field in self._get_shown_fields().values()}
        marks = []
        for field in self.field_ids.filtered(lambda f: f.signer_id.state == "signed"):
            if field.id in shown:
                continue
            picture = PICTURES.get(field.type)
            image = picture and field.signer_id._get_picture(picture)
            if picture and not image:
                continue
            marks.append(
                Mark(
                    kind=field.type,
                    **field._prepare_box(),
                    value=field.value or "",
                    image=image or None,
                )
            )
        return marks

    def _prepare_signatures(self):
        """Return the signatures in the order in which people signed."""
        shown = self._get_shown_fields()
        return [
            signer._prepare_seal(shown.get(signer))
            for signer in self.request_id._get_signed_signers()
        ]

    def _prepare_company_seal(self):
        request = self.request_id
        return SealFacts(
            name=request.company_id.name,
            reason=self.env._("Reference %(reference)s", reference=request.reference),
            signed_at=aware(request.done_at),
            lang=request.company_id.partner_id.lang or "fr_FR",
        )

    def _keep_final(self, content: bytes, certificate: bytes | None = None):
        """Keep the signed file, never changed afterwards."""
        values = {
            "final_attachment_id": self._store_file(self._get_final_name(), content).id,
            "final_sha256": sha256(content),
        }
        if certificate:
            name = self.env._(
                "Certificate %(reference)s", reference=self.request_id.reference
            )
            values["certificate_attachment_id"] = self._store_file(name, certificate).id
            values["certificate_sha256"] = sha256(certificate)
        self.write(values)


def make_place(field):
    """Return where a field is, for the code that signs."""
    return Place(**field._prepare_box())
