from io import BytesIO

from pypdf import PdfReader

from odoo.tests import TransactionCase

from odoo.addons.report_chromium.engine_setup import find_chromium

PLAIN = """
<t t-name="%(key)s">
  <t t-call="web.html_container">
    <t t-foreach="docs" t-as="o">
      <t t-call="web.%(layout)s">
        <div class="page">%(text)s</div>
      </t>
    </t>
  </t>
</t>
"""


class ChromiumCase(TransactionCase):
    """Reports of partners, printed by the real Chromium."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not find_chromium():
            cls.skipTest(cls, "no Chromium on this machine")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Atelier des Halles",
                "street": "3 rue Oblique",
                "report_footer": "<p>Pied de page des Halles</p>",
                "external_report_layout_id": cls.env.ref(
                    "web.external_layout_standard"
                ).id,
                "paperformat_id": cls.env.ref("base.paperformat_euro").id,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "force_report_rendering": True,
            }
        )
        cls.paper = cls.env.ref("base.paperformat_euro").copy({"name": "Test"})
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Client numéro {number}"} for number in range(1, 4)]
        )
        cls.report = cls.make_report(
            "plain", "<h2 t-out='o.name'/><p>Texte du corps</p>"
        )

    @classmethod
    def make_report(cls, name, text, layout="external_layout", **values):
        """A report of partners with this text between header and footer."""
        key = f"report_chromium.test_{name}"
        arch = PLAIN % {"key": key, "text": text, "layout": layout}
        cls.env["ir.ui.view"].create(
            {"type": "qweb", "name": key, "key": key, "arch": arch}
        )
        return cls.env["ir.actions.report"].create(
            {
                "name": name,
                "model": "res.partner",
                "report_name": key,
                "paperformat_id": cls.paper.id,
                **values,
            }
        )

    @classmethod
    def render(cls, report=None, records=None):
        """The bytes of the PDF."""
        report = report or cls.report
        records = cls.partners[:1] if records is None else records
        return report._render_qweb_pdf(report.report_name, records.ids)[0]

    @classmethod
    def read_pages(cls, pdf):
        """The text of each page."""
        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]

    @classmethod
    def print_pages(cls, report=None, records=None):
        """The text of each page of what is printed."""
        return cls.read_pages(cls.render(report, records))
