from io import BytesIO

from pypdf import PdfReader

from odoo.tests import tagged
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

from .common import ChromiumCase

TWO_PAGES = "<h2 t-out='o.name'/><p style='page-break-after: always'>Un</p><p>Deux</p>"


@tagged("post_install", "-at_install")
class TestRecords(ChromiumCase):
    def split(self, report, records):
        streams, kind = report._pre_render_qweb_pdf(report.report_name, records.ids)
        self.assertEqual(kind, "pdf")
        return {key: item["stream"].getvalue() for key, item in streams.items()}

    def test_each_record_counts_its_own_pages(self):
        pages = self.print_pages(self.make_report("two", TWO_PAGES), self.partners)
        self.assertEqual(len(pages), 6)
        for index, page in enumerate(pages):
            flat = " ".join(page.split())
            self.assertIn(f"Page {index % 2 + 1} / 2", flat)

    def test_core_splits_records_of_several_pages(self):
        report = self.make_report("two", TWO_PAGES)
        parts = self.split(report, self.partners)
        self.assertEqual(list(parts), self.partners.ids)
        for partner in self.partners:
            pages = self.read_pages(parts[partner.id])
            self.assertEqual(len(pages), 2)
            self.assertIn(partner.name, pages[0])

    def test_core_splits_records_of_one_page(self):
        parts = self.split(self.report, self.partners)
        for partner in self.partners:
            (page,) = self.read_pages(parts[partner.id])
            self.assertIn(partner.name, page)
            self.assertIn("Atelier des Halles", page)

    def test_records_get_the_header_of_their_own_company(self):
        other = self.env["res.company"].create(
            {
                "name": "Société Voisine",
                "report_footer": "<p>Pied voisin</p>",
                "external_report_layout_id": self.company.external_report_layout_id.id,
                "paperformat_id": self.company.paperformat_id.id,
            }
        )
        second = self.partners[1]
        second.company_id = other
        report = self.make_report("companies", "<p t-out='o.name'/>")
        pages = self.print_pages(report, self.partners[:2])
        self.assertIn("Atelier des Halles", pages[0])
        self.assertNotIn("Voisine", pages[0])
        self.assertIn("Société Voisine", pages[1])
        self.assertIn("Pied voisin", pages[1])

    def test_fifty_records_come_in_one_file(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Lot {number:02}"} for number in range(50)]
        )
        pages = self.print_pages(self.report, partners)
        self.assertEqual(len(pages), 50)
        for partner, page in zip(partners, pages, strict=True):
            self.assertIn(partner.name, page)
            self.assertIn("Page 1 / 1", " ".join(page.split()))

    def test_a_record_printed_twice_appears_twice(self):
        ids = [self.partners[0].id] * 2
        pdf = self.report._render_qweb_pdf(self.report.report_name, ids)[0]
        self.assertEqual(len(self.read_pages(pdf)), 2)

    def test_attachments_are_saved_one_per_record(self):
        self.report.attachment = "'piece-%s.pdf' % object.id"
        self.render(self.report, self.partners)
        for partner in self.partners:
            attachment = self.env["ir.attachment"].search(
                [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
                + [("name", "=", f"piece-{partner.id}.pdf")]
            )
            self.assertIn(partner.name, self.read_pages(attachment.raw)[0])

    def check_pdfa(self, pdf):
        """Convert as core does and look at what PDF/A-3 wants."""
        source = OdooPdfFileReader(BytesIO(pdf), strict=False)
        writer = OdooPdfFileWriter()
        writer.cloneReaderDocumentRoot(source)
        self.assertFalse(writer.is_pdfa, "core would not convert it")
        writer.addAttachment("factur-x.xml", b"<x/>", subtype="text/xml")
        writer.convert_to_pdfa()
        writer.add_file_metadata(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
        buffer = BytesIO()
        writer.write(buffer)
        reader = PdfReader(buffer)
        root = reader.trailer["/Root"]
        self.assertEqual(root["/OutputIntents"][0]["/S"], "/GTS_PDFA1")
        self.assertTrue(root["/OutputIntents"][0]["/DestOutputProfile"].get_data())
        self.assertEqual(root["/Metadata"]["/Subtype"], "/XML")
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertIn("/ID", reader.trailer)
        self.assertEqual(list(reader.attachments), ["factur-x.xml"])
        for page in reader.pages:
            self.assertNotIn("/AA", page)
            for form in page["/Resources"]["/XObject"].values():
                self.check_fonts(form.get_object()["/Resources"].get("/Font", {}))
        return buffer.getvalue()

    def check_fonts(self, fonts):
        for font in fonts.values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor))
            self.assertIn("/ToUnicode", font.get_object())

    def test_one_document_converts_to_pdfa_and_keeps_its_text(self):
        before = self.render()
        after = self.check_pdfa(before)
        self.assertEqual(self.read_pages(after), self.read_pages(before))

    def test_split_documents_convert_to_pdfa_as_well(self):
        for report in (self.report, self.make_report("two", TWO_PAGES)):
            for part in self.split(report, self.partners).values():
                self.assertEqual(
                    self.read_pages(self.check_pdfa(part)), self.read_pages(part)
                )

    def test_a_page_without_any_letter_converts_to_pdfa(self):
        report = self.make_report("empty", "<hr/>", layout="basic_layout")
        self.check_pdfa(self.render(report))
