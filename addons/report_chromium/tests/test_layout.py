import subprocess
import tempfile
from io import BytesIO
from xml.etree import ElementTree

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ChromiumCase

ROWS = """
<table class="table"><thead><tr><th>Colonne</th></tr></thead>
<tbody><tr t-foreach="range(120)" t-as="n"><td>Rang <t t-out="n"/></td></tr></tbody>
</table>
"""


def find_words(pdf, page=1):
    """Words of a page with their place in points: {word: (x, top, bottom)}."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page)]
        text = subprocess.run(
            [*command, file.name, "-"], capture_output=True, check=True
        ).stdout
    root = ElementTree.fromstring(text)  # noqa: S314 - made by our own command
    words = {}
    for word in root.iter("{http://www.w3.org/1999/xhtml}word"):
        place = [float(word.get(key)) for key in ("xMin", "yMin", "yMax")]
        words.setdefault(word.text, tuple(place))
    return words


@tagged("post_install", "-at_install")
class TestLayout(ChromiumCase):
    def test_header_text_and_footer_can_all_be_read(self):
        (page,) = self.print_pages()
        for text in ("Atelier des Halles", "3 rue Oblique", "Client numéro 1"):
            self.assertIn(text, page)
        self.assertIn("Pied de page des Halles", page)
        self.assertIn("Page 1 / 1", " ".join(page.split()))

    def test_every_page_has_header_footer_number_and_table_head(self):
        pages = self.print_pages(self.make_report("rows", ROWS))
        self.assertGreater(len(pages), 3)
        for number, page in enumerate(pages, 1):
            flat = " ".join(page.split())
            self.assertIn("Atelier des Halles", flat)
            self.assertIn("Pied de page des Halles", flat)
            self.assertIn(f"Page {number} / {len(pages)}", flat)
            self.assertIn("Colonne", flat)
        rows = " ".join(pages)
        for number in range(120):
            self.assertEqual(rows.count(f"Rang {number}\n"), 1, f"row {number}")

    def test_text_stands_where_core_puts_it(self):
        # Measured on core's own wkhtmltopdf: margins of 52 and 32 mm, letters of
        # 0.64 point to the pixel, 11 mm at the left from the style sheet.
        words = find_words(self.render())
        self.assertAlmostEqual(words["Atelier"][0], 26.3, delta=1.5)
        self.assertGreater(words["Client"][1], 52 / 25.4 * 72 - 1)
        self.assertAlmostEqual(
            words["Pied"][1], (297 - 32) / 25.4 * 72 + 8.5, delta=4.0
        )

    def test_a_long_header_pushes_the_text_down(self):
        self.company.company_details = "<br/>".join(
            f"Ligne{number}" for number in range(30)
        )
        words = find_words(self.render())
        self.assertIn("Ligne29", words)
        self.assertGreater(words["Client"][1], words["Ligne29"][2])

    def test_a_long_footer_pushes_the_text_up(self):
        self.company.report_footer = "<br/>".join(
            f"Pied{number}" for number in range(20)
        )
        pdf = self.render(self.make_report("rows", ROWS))
        words = find_words(pdf)
        self.assertIn("Pied19", words)
        self.assertLess(words["Pied19"][2], 842)
        lowest = max(place[2] for word, place in words.items() if word.isdigit())
        self.assertLess(lowest, words["Pied0"][1] + 1)

    def test_a_header_that_fills_the_page_is_refused_in_plain_words(self):
        self.company.company_details = "<br/>".join(["x"] * 90)
        with self.assertRaisesRegex(UserError, "leave no room"):
            self.render()

    def test_landscape_turns_the_page(self):
        report = self.make_report("wide", "<p>Large</p>")
        report.paperformat_id.orientation = "Landscape"
        box = PdfReader(BytesIO(self.render(report))).pages[0].mediabox
        self.assertAlmostEqual(float(box.width), 842, delta=1)
        self.assertAlmostEqual(float(box.height), 595, delta=1)

    def test_landscape_can_be_asked_for_by_context(self):
        report = self.report.with_context(landscape=True)
        box = PdfReader(BytesIO(self.render(report))).pages[0].mediabox
        self.assertGreater(box.width, box.height)

    def test_a_paper_of_its_own_size_is_respected(self):
        self.paper.write(
            {"format": "custom", "page_width": 100, "page_height": 150}
            | {"margin_top": 20, "margin_bottom": 15, "header_spacing": 20}
        )
        box = PdfReader(BytesIO(self.render())).pages[0].mediabox
        self.assertAlmostEqual(float(box.width), 100 / 25.4 * 72, delta=1)
        self.assertAlmostEqual(float(box.height), 150 / 25.4 * 72, delta=1)

    def test_a_page_break_of_the_report_is_kept(self):
        text = "<p>Un</p><p style='page-break-before: always'>Deux</p>"
        pages = self.print_pages(self.make_report("breaks", text))
        self.assertEqual(len(pages), 2)
        self.assertIn("Deux", pages[1])

    def test_dpi_changes_the_size_of_letters(self):
        first = find_words(self.render())["Texte"]
        self.paper.dpi = 180
        second = find_words(self.render())["Texte"]
        ratio = (first[2] - first[1]) / (second[2] - second[1])
        self.assertAlmostEqual(ratio, 2.0, delta=0.05)

    def test_letters_are_not_joined_so_that_words_are_found(self):
        report = self.make_report("letters", "<p>office financier effluve</p>")
        self.assertIn("office financier effluve", self.print_pages(report)[0])

    def test_a_report_without_header_and_footer_prints(self):
        report = self.make_report("basic", "<p>Nu</p>", layout="basic_layout")
        self.assertIn("Nu", self.print_pages(report)[0])

    def test_every_layout_of_core_prints_header_and_footer(self):
        layouts = self.env["report.layout"].search([])
        self.assertTrue(layouts)
        for layout in layouts:
            self.company.external_report_layout_id = layout.view_id
            with self.subTest(layout=layout.view_id.key):
                flat = " ".join(self.print_pages()[0].split())
                self.assertIn("3 rue Oblique", flat)
                self.assertIn("Texte du corps", flat)
                self.assertIn("Pied de page des Halles", flat)
                self.assertIn("1 / 1", flat)
