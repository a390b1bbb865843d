import base64
import io
import zipfile
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.crm_billing.tests.late_common import LateCase

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
)


@tagged("post_install", "-at_install")
class TestCollectionFileOrders(LateCase):
    """The collection file holds what the client signed."""

    def setUp(self):
        super().setUp()
        # sudo: the test is about the file, not about who sells
        orders = self.env["sale.order"].sudo()
        self.order = orders.create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": 1000,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 1
        self.invoice = self.order._create_invoices()
        self.invoice.write(
            {"invoice_date": "2026-04-01", "invoice_date_due": "2026-05-01"}
        )
        self.invoice.action_post()

    def build(self):
        file = self.env["crm.collection.file"].create(
            {"partner_id": self.client.id, "move_ids": self.invoice.ids}
        )
        sender = self.env.registry["account.move.send"]
        with patch.object(sender, "_generate_and_send_invoices"):
            file.action_build()
        self.assertEqual(file.state, "done", file.problem)
        return file, zipfile.ZipFile(io.BytesIO(file.attachment_id.raw))

    def test_signed_order_with_the_signer(self):
        self.order.write(
            {
                "signature": PIXEL,
                "signed_by": "Marie Leblanc",
                "signed_on": "2026-03-01 10:00:00",
            }
        )
        file, archive = self.build()
        parts = file.part_ids.filtered(lambda p: p.document == self.order.name)
        self.assertGreaterEqual(len(parts), 2)
        for part in parts.filtered(lambda p: p.path and "attach" not in p.note):
            self.assertIn("Marie Leblanc", part.note)
        images = [name for name in archive.namelist() if name.endswith(".png")]
        self.assertEqual(archive.read(images[0])[:4], bytes([0x89]) + b"PNG")

    def test_an_order_that_was_not_signed_says_so(self):
        self.order.client_order_ref = "BC-77"
        file, _archive = self.build()
        part = file.part_ids.filtered(lambda p: p.document == self.order.name)[0]
        self.assertTrue(part.path)
        self.assertIn("BC-77", part.note)

    def test_the_signed_pdf_of_the_portal_is_taken(self):
        self.env["ir.attachment"].create(
            {
                "name": "signed.pdf",
                "res_model": "sale.order",
                "res_id": self.order.id,
                "raw": b"%PDF signed",
            }
        )
        _file, archive = self.build()
        contents = [archive.read(name) for name in archive.namelist()]
        self.assertIn(b"%PDF signed", contents)
