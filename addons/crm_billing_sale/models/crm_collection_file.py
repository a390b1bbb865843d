import base64

from odoo import fields, models
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.crm_billing.lib.collection_file import Part


class CrmCollectionFile(models.Model):
    _inherit = "crm.collection.file"

    def _iter_section(self, section):
        yield from super()._iter_section(section)
        if section == "order":
            yield from self._iter_orders()

    def _iter_orders(self):
        """Yield each order behind the invoices, its signature and what is attached.

        Among these is the PDF as it was when the client signed online.
        """
        orders = self.move_ids.line_ids.sale_line_ids.order_id
        for order in orders.sorted(lambda o: (o.date_order, o.id)):
            day = fields.Date.to_date(order.date_order)
            part = Part(
                "order",
                f"{order.name}.pdf",
                order.type_name,
                day,
                order.name,
                note=self._get_signature_note(order),
            )
            yield self._render_part(part, "sale.report_saleorder", order.ids)
            if order.signature:
                yield self._get_signature_part(order)
            yield from self._iter_attached(order)

    def _iter_attached(self, order):
        attached = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("type", "=", "binary"),
            ],
            order="create_date, id",
        )
        for attachment in attached:
            yield Part(
                "order",
                f"{order.name} {attachment.name}",
                attachment.name,
                fields.Date.to_date(attachment.create_date),
                order.name,
                self._get_attachment_content(attachment),
                self.env._("Attached to the order"),
            )

    def _get_signature_note(self, order):
        """Say who accepted, when, and how: name drawn on screen or payment."""
        if not order.signature and not order.signed_on:
            return self.env._(
                "Not signed online; reference of the client: %(reference)s",
                reference=order.client_order_ref or "-",
            )
        return self.env._(
            "Signed by %(name)s on %(date)s UTC",
            name=order.signed_by or "-",
            date=fields.Datetime.to_string(order.signed_on) or "-",
        )

    def _get_signature_part(self, order):
        image = order.with_context(bin_size=False).signature
        # An image field holds base64 text.
        content = base64.b64decode(image)
        kind = guess_mimetype(content, "image/png").rpartition("/")[2]
        return Part(
            "order",
            f"{order.name} signature.{kind}",
            self.env._("Signature"),
            fields.Date.to_date(order.signed_on),
            order.name,
            content,
            self._get_signature_note(order),
        )
