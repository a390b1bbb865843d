import hashlib
import io
from zlib import compress

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from odoo import fields, models
from odoo.tools import file_open
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

FILE_NAME = "factur-x.xml"
ICC_PROFILE = "tools/data/files/sRGB2014.icc"
# ISO 32000 12.5.3: annotations of an archive are printed, never hidden.
PRINT_FLAG = 4


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        super()._hook_invoice_document_after_pdf_report_render(invoice, invoice_data)
        if not invoice._is_fr_facturx():
            return
        pdf_values = (
            invoice.invoice_pdf_report_id
            or invoice_data.get("pdf_attachment_values")
            or invoice_data.get("proforma_pdf_attachment_values")
        )
        if pdf_values and pdf_values["raw"]:
            pdf_values["raw"] = self._finish_facturx_pdf(invoice, pdf_values["raw"])

    def _finish_facturx_pdf(self, invoice, content):
        """Make a PDF that holds its XML an archive: PDF/A-3b with Factur-X metadata.

        Core does so only for one format of the customer, takes any modern PDF for an
        archive already, and rewrites the fonts of its own engine. Conformance is B:
        nothing here proves the structure that A promises.
        """
        writer = OdooPdfFileWriter()
        writer.cloneReaderDocumentRoot(
            OdooPdfFileReader(io.BytesIO(content), strict=False)
        )
        root = writer._root_object
        if not self._has_facturx_file(root):
            return content  # under test core embeds nothing
        writer._header = b"%PDF-1.7"
        self._set_facturx_identity(writer, content)
        self._set_facturx_colours(writer)
        for page in writer.pages:
            for annotation in page.get("/Annots") or ():
                annotation.get_object()[NameObject("/F")] = NumberObject(PRINT_FLAG)
        self._set_facturx_metadata(writer, invoice)
        buffer = io.BytesIO()
        writer.write(buffer)
        return buffer.getvalue()

    def _has_facturx_file(self, root):
        names = root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", ())
        return FILE_NAME in [str(name) for name in names[::2]]

    def _set_facturx_identity(self, writer, content):
        digest = ByteStringObject(hashlib.sha256(content).digest()[:16])
        writer._ID = ArrayObject((digest, digest))

    def _set_facturx_colours(self, writer):
        """Name sRGB as the meaning of the colours (an archive depends on no screen)."""
        with file_open(ICC_PROFILE, mode="rb") as icc_file:
            profile_data = compress(icc_file.read())
        profile = DecodedStreamObject()
        profile.set_data(profile_data)
        profile.update(
            {
                NameObject("/Filter"): NameObject("/FlateDecode"),
                NameObject("/N"): NumberObject(3),
            }
        )
        intent = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/OutputIntent"),
                NameObject("/S"): NameObject("/GTS_PDFA1"),
                NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
                NameObject("/Info"): TextStringObject("sRGB IEC61966-2.1"),
                NameObject("/DestOutputProfile"): writer._add_object(profile),
            }
        )
        writer._root_object[NameObject("/OutputIntents")] = ArrayObject(
            [writer._add_object(intent)]
        )

    def _set_facturx_metadata(self, writer, invoice):
        """Write XMP and document information that say the same."""
        now = fields.Datetime.now()
        content = self.env["ir.qweb"]._render(
            "account_edi_ubl_cii.account_invoice_pdfa_3_facturx_metadata",
            {"title": invoice.name, "date": f"{now:%Y-%m-%dT%H:%M:%S}+00:00"},
        )
        content = str(content).replace(
            "<pdfaid:conformance>A<", "<pdfaid:conformance>B<"
        )
        writer.add_file_metadata(content.encode())
        writer.metadata = {
            "/Title": invoice.name,
            "/Creator": "Odoo",
            "/Producer": "Odoo",
            "/CreationDate": f"D:{now:%Y%m%d%H%M%S}+00'00'",
            "/ModDate": f"D:{now:%Y%m%d%H%M%S}+00'00'",
        }
