import io
from unittest.mock import patch

import pypdf
from lxml import etree

from odoo import tools
from odoo.tests import tagged

from .facturx_common import FacturxCommon

XMP = {
    "fx": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
}


@tagged("post_install", "-at_install")
class TestFacturxPdf(FacturxCommon):
    def setUp(self):
        super().setUp()
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() != "ok":
            self.skipTest("no engine prints here")

    def send(self, move):
        """Return the PDF that the customer gets."""
        real = tools.config.__class__.__getitem__

        def outside_tests(config, key):
            return False if key == "test_enable" else real(config, key)

        Send = self.env["account.move.send"].with_context(force_report_rendering=True)
        with patch.object(tools.config.__class__, "__getitem__", outside_tests):
            Send._generate_and_send_invoices(move, sending_methods=[])
        self.assertTrue(move.invoice_pdf_report_id)
        return pypdf.PdfReader(io.BytesIO(move.invoice_pdf_report_id.raw))

    def check(self, reader):
        root = reader.trailer["/Root"]
        names = root["/Names"]["/EmbeddedFiles"]["/Names"]
        self.assertEqual(names[0], "factur-x.xml")
        file = names[1].get_object()
        self.assertIn(file["/AFRelationship"], ("/Data", "/Alternative", "/Source"))
        self.assertEqual(
            root["/AF"].get_object()[0].get_object()["/UF"], "factur-x.xml"
        )
        stream = file["/EF"]["/F"].get_object()
        self.assertEqual(stream["/Subtype"], "/text/xml")
        self.assertIn("/ModDate", stream["/Params"])
        xmp = etree.fromstring(root["/Metadata"].get_object().get_data())
        values = {
            name: xmp.findtext(f".//{{{XMP[prefix]}}}{name}")
            for prefix, name in (
                ("pdfaid", "part"),
                ("pdfaid", "conformance"),
                ("fx", "ConformanceLevel"),
                ("fx", "DocumentFileName"),
                ("fx", "DocumentType"),
                ("fx", "Version"),
            )
        }
        self.assertEqual(
            values,
            {
                "part": "3",
                "conformance": "B",
                "ConformanceLevel": "EN 16931",
                "DocumentFileName": "factur-x.xml",
                "DocumentType": "INVOICE",
                "Version": "1.0",
            },
        )
        intent = root["/OutputIntents"][0].get_object()
        self.assertEqual(intent["/S"], "/GTS_PDFA1")
        self.assertTrue(intent["/DestOutputProfile"].get_object().get_data())
        self.assertIn("/ID", reader.trailer)
        self.assertNotIn("/Encrypt", reader.trailer)
        return stream.get_data()

    def test_the_pdf_carries_a_conforming_invoice(self):
        move = self.invoice(self.line(self.service, 3, 100, self.vat_20))
        self.assertConforming({"invoice": self.check(self.send(move))})

    def test_whatever_format_the_customer_wants_the_pdf_is_an_archive(self):
        self.customer.invoice_edi_format = False
        move = self.invoice(self.line(self.service, 1, 50, self.vat_20))
        reader = self.send(move)
        self.assertConforming({"invoice": self.check(reader)})
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                with self.subTest(font=font.get_object()["/BaseFont"]):
                    self.assertTrue(self.is_embedded(font.get_object()))

    def is_embedded(self, font):
        font = font.get("/DescendantFonts", [font])[0].get_object()
        descriptor = font["/FontDescriptor"].get_object()
        return any(f"/FontFile{number}" in descriptor for number in ("", 2, 3))
