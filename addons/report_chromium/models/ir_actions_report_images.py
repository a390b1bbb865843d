import base64

from reportlab.graphics.utils import RenderPMError

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import file_open
from odoo.tools.barcode import check_barcode_encoding, createBarcodeDrawing
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype

from ..lib.assets import Asset

PLACEHOLDER = "web/static/img/placeholder.png"
BARCODE_MAX_POINTS = 1_200_000
# Guessed by core too, from the number of digits.
BARCODE_BY_LENGTH = {8: "EAN8", 13: "EAN13"}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # Core's own readers need a web request; reports are also printed without one.

    @api.model
    def _find_file_record(self, xmlid, model, res_id, field, access_token):
        """The record that the visitor may read, by the rules of core."""
        return self.env["ir.binary"]._find_record(
            xmlid, model, res_id and int(res_id), access_token, field=field
        )

    @api.model
    def _read_file_field(self, record, field):
        """Bytes and type of a binary field, None when it is empty."""
        if record._name == "ir.attachment" and record.type == "url":
            # The address of a file of ours, else of somebody else: not followed.
            return self._read_static_asset(record.url or "")
        definition = record._fields.get(field)
        if not definition or definition.type != "binary":
            raise MissingError(self.env._("There is no file in this field."))
        record._check_field_access(definition, "read")
        content = record.with_context(bin_size=False)[field] or b""
        if field != "raw":
            content = base64.b64decode(content)
        if not content:
            return None
        mimetype = record.mimetype if record._name == "ir.attachment" else ""
        return Asset(content, mimetype or guess_mimetype(content))

    @api.model
    def _read_content(
        self,
        xmlid=None,
        model="ir.attachment",
        id=None,
        field="raw",
        access_token=None,
        **kwargs,
    ):
        record = self._find_file_record(xmlid, model, id, field, access_token)
        return self._read_file_field(record, field)

    @api.model
    def _read_image(
        self,
        xmlid=None,
        model="ir.attachment",
        id=None,
        field="raw",
        width=0,
        height=0,
        crop=False,
        access_token=None,
        **kwargs,
    ):
        record = self._find_file_record(xmlid, model, id, field, access_token)
        size = (int(width), int(height))
        image = self._read_file_field(record, field)
        if not image:
            path = record._get_placeholder_filename(field) or PLACEHOLDER
            with file_open(path, "rb", filter_ext=(".png", ".jpg")) as file:
                image = Asset(file.read(), "image/png")
        if not image.mimetype.startswith("image/"):
            return None
        if size == (0, 0):
            size = image_guess_size_from_field_name(field)
        if any(size) or crop:
            content = image_process(image.content, size=size, crop=crop)
            image = Asset(content, guess_mimetype(content, image.mimetype))
        return image

    @api.model
    def _read_logo(self, company=None, **kwargs):
        # sudo: logos are shown to everybody, before any login.
        companies = self.env["res.company"].sudo()
        record = companies.browse(int(company)) if company else self.env.company.sudo()
        content = record.exists().logo_web
        if not content:
            return self._read_static_asset("/web/static/img/nologo.png")
        content = base64.b64decode(content)
        return Asset(content, guess_mimetype(content))

    @api.model
    def _read_barcode(self, barcode_type="", value="", **kwargs):
        try:
            content = self.barcode(barcode_type, value, **kwargs)
        except RenderPMError:
            # reportlab draws pixels only with a library that is not always there.
            content = self._draw_barcode(barcode_type, value, **kwargs)
            return Asset(content, "image/svg+xml", is_public=True)
        return Asset(content, "image/png", is_public=True)

    @api.model
    def _draw_barcode(
        self,
        barcode_type,
        value,
        width=600,
        height=100,
        humanreadable=0,
        quiet=1,
        barBorder=4,  # the names are those of the route
        barLevel="L",
        **kwargs,
    ):
        """The same barcode as lines instead of points."""
        width, height, quiet = int(width), int(height), bool(int(quiet))
        if width * height > BARCODE_MAX_POINTS:
            raise ValueError("Barcode too large")
        if barcode_type == "auto":
            barcode_type = BARCODE_BY_LENGTH.get(len(value), "Code128")
        if barcode_type in ("EAN8", "EAN13") and not check_barcode_encoding(
            value, barcode_type
        ):
            barcode_type = "Code128"
        drawing = createBarcodeDrawing(
            barcode_type,
            value=value,
            format="svg",
            width=width,
            height=height,
            humanReadable=bool(int(humanreadable)),
            quiet=quiet,
            barBorder=int(barBorder) if quiet or barcode_type != "QR" else 0,
            barLevel=barLevel,
        )
        content = drawing.asString("svg")
        return content.encode() if isinstance(content, str) else content
