import base64
import io

from PIL import Image, UnidentifiedImageError

from odoo import fields, models
from odoo.tools import format_date

from ..exceptions import SignRefused
from ..lib.evidence import sha256

MAX_IMAGE_BYTES = 1_000_000
MAX_IMAGE_PIXELS = 4_000_000
MAX_TEXT = 500
TICKED = "1"


class CrmSignSigner(models.Model):
    """The act of signing. What is signed is read from our rows, never from a page."""

    _inherit = "crm.sign.signer"

    def _sign(self, values, http):
        """Sign.

        :param dict values: `consent` (True), `signature` (PNG bytes), `initials`
            (PNG bytes or None), `fields` ({field id: text})
        :param http: `HttpFacts` with the session that `_check_code` gave
        :return: True when signed now, False when it was signed before
        :raise SignRefused: not possible, with the sentence to show
        """
        signer = self._start_action()
        if signer.state == "signed":
            return False
        signer._check_may_act(http)
        if values.get("consent") is not True:
            raise SignRefused(
                "consent_missing", signer._get_sentence("consent_missing")
            )
        images = signer._read_images(values)
        typed = signer._read_fields(values.get("fields") or {})
        for field, text in typed.items():
            field.value = text
        consent = signer._get_consent_text()
        signer.write(
            {
                "state": "signed",
                "signed_at": fields.Datetime.now(),
                "ip": (http.ip or "")[:64],
                "user_agent": (http.user_agent or "")[:255],
                "consent_text": consent,
                "session_hash": False,
                "session_expires_at": False,
                **{name: base64.b64encode(raw) for name, raw in images.items()},
            }
        )
        request = signer.request_id
        request._log_event(
            "signed",
            signer=signer,
            http=http,
            details={
                "consent": consent,
                "identified_by": signer.identified_by or "",
                "fields": {
                    f"{field.id} {field._get_label()}": text
                    for field, text in typed.items()
                },
                **{f"{name}_sha256": sha256(raw) for name, raw in images.items()},
            },
        )
        request._after_signature(signer._get_evidence_name(), http)
        return True

    def _get_consent_text(self) -> str:
        """Return the sentence a signer agrees to, in his language."""
        env = self.with_context(lang=self._get_lang()).env
        return env._(
            "I have read %(documents)s. I agree with the content and sign it"
            " electronically as %(name)s.",
            documents=", ".join(self.request_id.document_ids.mapped("name")),
            name=self.name,
        )

    def _read_images(self, values) -> dict[str, bytes]:
        """Return the pictures of the signature and of the initials."""
        images = {"signature_image": values.get("signature")}
        kinds = set(self.field_ids.mapped("type"))
        if "initials" in kinds and not values.get("initials"):
            raise SignRefused(
                "initials_missing", self._get_sentence("initials_missing")
            )
        if not images["signature_image"]:
            raise SignRefused(
                "signature_missing", self._get_sentence("signature_missing")
            )
        if values.get("initials"):
            images["initials_image"] = values["initials"]
        return {name: self._check_image(raw) for name, raw in images.items()}

    def _check_image(self, raw) -> bytes:
        """Refuse what is no drawing: another format, far too large, or empty."""
        refused = SignRefused("image_refused", self._get_sentence("image_refused"))
        if not isinstance(raw, bytes) or len(raw) > MAX_IMAGE_BYTES:
            raise refused
        try:
            with Image.open(io.BytesIO(raw), formats=("PNG",)) as image:
                if image.width * image.height > MAX_IMAGE_PIXELS:
                    raise refused
                drawing = image.convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise refused from error
        # On white, as it will be seen: nothing but white is no signature.
        paper = Image.new("RGBA", drawing.size, "white")
        paper.alpha_composite(drawing)
        darkest, _lightest = paper.convert("L").getextrema()
        if darkest > 240:
            raise SignRefused(
                "signature_missing", self._get_sentence("signature_missing")
            )
        return raw

    def _read_fields(self, typed: dict) -> dict:
        """Return the value of each field of this signer.

        Which fields exist, whose they are and which are required is ours to say:
        anything else that a page sends is ignored.

        :param typed: {field id: text} as the page sends it
        """
        by_id = {str(key): value for key, value in typed.items()}
        values = {}
        for field in self.field_ids:
            text = by_id.get(str(field.id))
            text = text.strip()[:MAX_TEXT] if isinstance(text, str) else ""
            if field.type == "date":
                text = self._get_signing_day()
            elif field.type == "checkbox":
                text = TICKED if text and text.lower() not in ("0", "false") else ""
            elif field.type != "text":
                text = ""
            if field.required and field.type in ("text", "checkbox") and not text:
                raise SignRefused("field_missing", self._get_missing_sentence(field))
            values[field] = text
        return values

    def _get_missing_sentence(self, field):
        """Return what is said when a required field is empty."""
        signer = self.with_context(lang=self._get_lang())
        return signer.env._(
            "Fill in '%(field)s' on page %(page)s first.",
            field=field.with_context(lang=self._get_lang())._get_label(),
            page=field.page,
        )

    def _get_signing_day(self) -> str:
        """Return today where the company is, as the signer reads dates."""
        env = self.with_context(lang=self._get_lang()).env
        return format_date(
            env, self.request_id._get_today(), lang_code=self._get_lang()
        )
