"""An agency, its people, a client, and templates made for tests."""

import io
from base64 import b64encode
from contextlib import contextmanager
from unittest.mock import patch

from docx import Document

from odoo.tests import new_test_user
from odoo.tests.common import TransactionCase

BODY = (
    "<h1>Lettre</h1><p>Pour {{ client.nom }}, {{ client.siret }}</p>"
    "<div>{% option Remerciements %}</div><p>Merci.</p><div>{% fin %}</div>"
)


class DocumentMixin:
    """Give it before the test case: companies, users, one client, one template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True})
        Company = cls.env["res.company"]
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.company = Company.create(
            {
                "name": "Agence Test",
                "email": "a@test.example",
                "currency_id": euro.id,
            }
        )
        cls.other_company = Company.create({"name": "Autre Agence"})
        cls.seller = cls.make_user("doc_seller", "crm_base.crm_base_group_seller")
        cls.colleague = cls.make_user("doc_mate", "crm_base.crm_base_group_seller")
        cls.nocode = cls.make_user("doc_nocode", "crm_base.crm_base_group_nocode")
        cls.admin = cls.make_user("doc_admin", "crm_base.crm_base_group_admin")
        cls.stranger = cls.make_user(
            "doc_stranger", "crm_base.crm_base_group_admin", cls.other_company
        )
        cls.portal = cls.make_user("doc_portal", "base.group_portal")
        cls.client = cls.env["res.partner"].create(
            {
                "name": "TechCorp & fils",
                "is_company": True,
                "street": "1 rue des Lilas",
                "zip": "69001",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                "company_id": cls.company.id,
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Claire Martin",
                "parent_id": cls.client.id,
                "function": "Directrice",
                "email": "claire@techcorp.example",
                "lang": cls.env.user.lang,
            }
        )
        cls.template = cls.env["crm.document.template"].create(
            {"name": "Lettre test", "kind": "letter", "body_html": BODY}
        )

    @classmethod
    def make_user(cls, login, group, company=None):
        company = company or cls.company
        groups = group
        if group.startswith("crm_base"):
            groups += ",base.group_partner_manager"
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            tz="Europe/Paris",
        )

    def open_wizard(self, record=None, user=None, template=None, **values):
        """Open the wizard as a seller does, on the first screen."""
        record = record or self.client
        return (
            self.env["crm.document.wizard"]
            .with_user(user or self.seller)
            .create(
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "template_id": (template or self.template).id,
                    **values,
                }
            )
        )

    def make_document(self, record=None, user=None, template=None):
        """Go through the wizard and return the document."""
        with self.printing_nothing():
            wizard = self.open_wizard(record, user, template)
            wizard.action_fill()
            wizard.is_incomplete_accepted = True
            action = wizard.action_make()
        return (
            self.env["crm.document"]
            .with_user(user or self.seller)
            .browse(action["res_id"])
        )

    def check_offers(self, record):
        """Fail unless the values of a record are those offered: no field slips in."""
        model = self.env["crm.document.values"].with_user(self.seller)
        values = model._get_values(record.with_user(self.seller), "fr_FR")
        offered = {
            offer.code: {child.code for child in offer.children}
            for offer in model._get_offers(record._name)
        }
        self.assertEqual({code: set(rows) for code, rows in values.items()}, offered)
        self.assertGreater(len(offered), 4)

    @contextmanager
    def printing_nothing(self):
        """Leave the printer out: its own test prints for real."""

        def render(reports, report, res_ids, *args, **kwargs):
            return b"%PDF-1.7 " + str(res_ids).encode(), "pdf"

        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "_render_qweb_pdf", render):
            yield


class DocumentCase(DocumentMixin, TransactionCase):
    pass


def make_docx(*paragraphs):
    """Return a DOCX of these paragraphs, ready for a binary field."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    return b64encode(content.getvalue())


def read_docx(content):
    """Return the text of the paragraphs of a DOCX."""
    return [p.text for p in Document(io.BytesIO(content)).paragraphs]
