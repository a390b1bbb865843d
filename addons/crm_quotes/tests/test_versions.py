import base64
import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_quotes.lib.snapshot import sha256_hex

from .common import QuoteCase

PDF = b"%PDF-1.7 the document"


@tagged("post_install", "-at_install")
class TestVersions(QuoteCase):
    """What was sent stays readable for good, whatever happens to the quotation."""

    def setUp(self):
        super().setUp()
        reports = self.env.registry["ir.actions.report"]
        self.printed = self.enterContext(
            patch.object(
                reports, "_render_qweb_pdf", lambda *_args, **_more: (PDF, "pdf")
            )
        )

    def versions(self):
        return self.order.sudo().quote_version_ids.sorted("number")

    def test_each_sending_keeps_a_version(self):
        self.send(self.order)
        self.assertEqual(self.order.state, "sent")
        self.edit(self.order)
        self.send(self.order, self.manager)
        first, second = self.versions()
        self.assertEqual((first.label, second.label), ("V1", "V2"))
        self.assertEqual((first.author, second.author), ("Julie", "Sophie"))
        self.assertEqual((first.amount_untaxed, second.amount_untaxed), (21200, 25000))
        self.assertEqual({first.reason, second.reason}, {"sent"})
        self.assertEqual(len(self.events(self.order, "sent")), 2)

    def test_a_version_says_everything(self):
        self.send(self.order)
        version = self.versions()
        quote = version._get_quote()
        names = [line["name"] for line in quote["lines"]]
        self.assertEqual(names, ["Cadrage", "Développement", "Support"])
        self.assertEqual(quote["lines"][1]["price_unit"], "750")
        self.assertEqual(quote["lines"][1]["taxes"][0]["text"], "VAT 20")
        self.assertEqual(quote["order"]["note"], "Paiement à 30 jours")
        self.assertEqual(quote["order"]["partner"]["text"], "TechCorp")
        self.assertEqual(
            quote["totals"], {"untaxed": "21200", "tax": "4240", "total": "25440"}
        )
        self.assertEqual(base64.b64decode(version.pdf), PDF)
        self.assertIn("Développement", version.content_html)
        self.assertEqual(version.sha256, sha256_hex(version.content))

    def test_sending_the_same_again_keeps_no_second_version(self):
        self.send(self.order)
        self.send(self.order)
        self.assertEqual(len(self.versions()), 1)
        self.assertEqual(len(self.events(self.order, "sent")), 2)

    def test_marking_as_sent_is_a_sending(self):
        self.order.action_quotation_sent()
        self.assertEqual(self.versions().mapped("reason"), ["sent"])

    def test_sending_many_at_once(self):
        other = self.make_order()
        both = self.order | other
        composer = (
            self.env["mail.compose.message"]
            .with_context(active_ids=both.ids)
            .create(
                {
                    "model": "sale.order",
                    "res_ids": str(both.ids),
                    "composition_mode": "mass_mail",
                    "subject": "Vos devis",
                    "body": "<p>Bonjour</p>",
                }
            )
        )
        composer._action_send_mail()
        self.assertEqual([order.quote_number for order in both], [1, 1])

    def test_the_pdf_that_leaves_is_the_one_that_is_kept(self):
        sent = b"%PDF-1.7 very this one"
        file = self.env["ir.attachment"].create(
            {
                "name": f"Devis {self.order.name}.pdf",
                "raw": sent,
                "mimetype": "application/pdf",
            }
        )
        self.order.with_context(mark_so_as_sent=True).message_post(
            body="Devis", attachment_ids=file.ids
        )
        self.assertEqual(base64.b64decode(self.versions().pdf), sent)
        self.assertEqual(self.versions().pdf_sha256, sha256_hex(sent))

    def test_on_demand(self):
        action = self.order.action_keep_quote_version()
        self.assertIn("V1", action["params"]["message"])
        again = self.order.action_keep_quote_version()
        self.assertIn("Nothing changed", again["params"]["message"])
        self.assertEqual(self.versions().mapped("reason"), ["manual"])

    def test_nobody_changes_or_deletes_a_version(self):
        self.send(self.order)
        version = self.versions()
        for record in (version, version.with_user(self.manager).sudo(False)):
            with self.assertRaises(UserError):
                record.write({"amount_total": 1})
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaisesRegex(UserError, "does not change"):
            version.sudo().write({"content": "{}"})
        with self.assertRaisesRegex(UserError, "not deleted"):
            version.sudo().unlink()
        event = self.events(self.order, "sent")
        with self.assertRaisesRegex(UserError, "does not change"):
            event.sudo().write({"who": "X"})
        with self.assertRaisesRegex(UserError, "not deleted"):
            event.sudo().unlink()

    def test_nobody_types_a_version(self):
        self.send(self.order)
        values = self.versions().copy_data()[0] | {"number": 9}
        with self.assertRaises(UserError):
            self.env["crm.quote.version"].with_user(self.manager).create(values)

    def test_a_quotation_with_versions_is_cancelled_not_deleted(self):
        self.order.action_keep_quote_version()
        with self.assertRaisesRegex(UserError, "cancel it instead"):
            self.order.unlink()
        never_kept = self.make_order()
        never_kept.unlink()
        self.assertFalse(never_kept.exists())

    def test_an_altered_content_is_found(self):
        self.send(self.order)
        self.edit(self.order)
        self.send(self.order)
        first, second = self.versions()
        self.assertEqual(first.action_verify()["params"]["type"], "success")
        self.assertEqual(second._find_damage(), "")
        content = json.loads(second.content)
        content["quote"]["totals"]["total"] = "1"
        self.env.cr.execute(
            "UPDATE crm_quote_version SET content = %s WHERE id = %s",
            [json.dumps(content), second.id],
        )
        second.invalidate_recordset()
        self.assertEqual(second._find_damage(), "content")
        self.assertEqual(second.action_verify()["params"]["type"], "danger")
        self.env.cr.execute(
            "UPDATE crm_quote_version SET sha256 = 'x' WHERE id = %s", [first.id]
        )
        self.env.cr.execute(
            "UPDATE crm_quote_version SET content = %s, sha256 = %s WHERE id = %s",
            [
                json.dumps({**content, "pdf_sha256": sha256_hex(PDF)}),
                sha256_hex(json.dumps({**content, "pdf_sha256": sha256_hex(PDF)})),
                second.id,
            ],
        )
        (first | second).invalidate_recordset()
        self.assertEqual(second._find_damage(), "chain")

    def test_an_altered_pdf_is_found(self):
        self.send(self.order)
        version = self.versions()
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", version._name),
                ("res_id", "=", version.id),
                ("res_field", "=", "pdf"),
            ]
        )
        file.raw = PDF.replace(b"the", b"thE")
        version.invalidate_recordset()
        self.assertEqual(version._find_damage(), "pdf")

    def test_the_order_keeps_its_id_and_knows_that_it_changed(self):
        self.send(self.order)
        order_id = self.order.id
        self.assertFalse(self.order.quote_is_changed)
        self.edit(self.order)
        self.order.invalidate_recordset(["quote_is_changed"])
        self.assertTrue(self.order.quote_is_changed)
        self.send(self.order)
        self.assertEqual(self.versions().order_id.id, order_id)

    def test_a_copy_starts_anew(self):
        self.send(self.order)
        copy = self.order.copy()
        self.assertEqual((copy.quote_number, copy.quote_version_ids.ids), (0, []))

    def test_a_deposit_is_no_change_of_the_offer(self):
        self.send(self.order)
        before = self.order._get_quote_fingerprint()
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "name": "Acompte",
                            "is_downpayment": True,
                            "product_uom_qty": 0,
                            "price_unit": 5000,
                        }
                    )
                ]
            }
        )
        self.assertEqual(self.order._get_quote_fingerprint(), before)

    @mute_logger("odoo.addons.crm_quotes.models.sale_order")
    def test_a_version_without_its_pdf_is_better_than_none(self):
        cause = "no engine"

        def refuse(*_args, **_more):
            raise UserError(cause)

        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "_render_qweb_pdf", refuse):
            self.send(self.order)
        version = self.versions()
        self.assertFalse(version.pdf)
        self.assertEqual(version._find_damage(), "")
        with self.assertRaisesRegex(UserError, "No PDF"):
            version.action_download()
