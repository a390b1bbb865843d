from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.collection_file import Part, csv_table
from ..lib.late_interest import LateInterest


class CrmCollectionFile(models.Model):
    """The documents this addon brings: invoices, proofs, interest, statement."""

    _inherit = "crm.collection.file"

    # === Invoices === #

    def _get_invoices(self):
        """Return the chosen invoices, their credit notes and debit notes, by date."""
        moves = self.move_ids
        credits_ = moves.line_ids.matched_credit_ids.credit_move_id.move_id.filtered(
            lambda move: move.move_type == "out_refund"
        )
        notes = moves.debit_note_ids.filtered(lambda move: move.state == "posted")
        return (moves | credits_ | notes).sorted(lambda m: (m.invoice_date, m.id))

    def _iter_invoice_parts(self):
        for move in self._get_invoices():
            part = Part(
                "invoice",
                f"{move.name}.pdf",
                move._get_move_display_name(),
                move.invoice_date,
                move.name,
                note=self.env._(
                    "Total %(total)s, left to pay %(residual)s",
                    total=move.currency_id.format(move.amount_total),
                    residual=move.currency_id.format(move.amount_residual),
                ),
            )
            yield self._read_invoice(move, part)

    def _read_invoice(self, move, part):
        """The PDF that was sent; made now, as core makes it, when there is none."""
        pdf = move.invoice_pdf_report_id
        if not pdf:
            try:
                self.env["account.move.send"]._generate_and_send_invoices(
                    move, sending_methods=[]
                )
            except UserError as error:
                return self._fail_part(part, error)
            pdf = move.invoice_pdf_report_id
        if not pdf:
            return self._fail_part(part, self.env._("no PDF of the invoice"))
        content = self._get_attachment_content(pdf)
        return Part(
            part.section, part.name, part.title, part.day, part.document, content,
            part.note,
        )  # fmt: skip

    # === Proofs === #

    def _iter_delivery_parts(self):
        """What people attached to the invoices: delivery notes, time sheets."""
        for move in self.move_ids:
            legal = self.env["account.move.send"]._get_invoice_extra_attachments(move)
            attached = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "=", move.id),
                    ("id", "not in", legal.ids),
                    ("type", "=", "binary"),
                ],
                order="create_date, id",
            )
            for attachment in attached:
                yield Part(
                    "delivery",
                    f"{move.name} {attachment.name}",
                    attachment.name,
                    fields.Date.to_date(attachment.create_date),
                    move.name,
                    self._get_attachment_content(attachment),
                    self.env._("Attached to the invoice"),
                )

    # === Interest and statement === #

    def _iter_interest_parts(self):
        today = fields.Date.context_today(self)
        found = self.move_ids._get_late_interests(today, whole=True)
        late = {
            move_id: result
            for move_id, result in found.items()
            if isinstance(result, LateInterest) and result.segments
        }
        for move in self.move_ids.filtered(lambda m: m.id not in late):
            result = found[move.id]
            if not isinstance(result, LateInterest):
                yield Part(
                    "interest",
                    title=self.env._("Late interest"),
                    document=move.name,
                    note=move._explain_late_interest_trouble(result),
                )
        if late:
            yield self._render_part(
                Part(
                    "interest",
                    self.env._("Late interest") + ".pdf",
                    self.env._("Calculation of late interest"),
                    today,
                    ", ".join(
                        self.move_ids.filtered(lambda m: m.id in late).mapped("name")
                    ),
                ),
                "crm_billing.late_interest_report",
                list(late),
                {"late_by_id": late},
            )

    def _get_statement_rows(self):
        """Return (day, document, due date, debit, credit, balance) of the client."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            order="date, id",
        )
        currency = self.company_id.currency_id
        balance, rows = 0.0, []
        for line in lines:
            balance = currency.round(balance + line.balance)
            rows.append(
                {
                    "day": line.date,
                    "document": line.move_id.name,
                    "due": line.date_maturity,
                    "debit": line.debit,
                    "credit": line.credit,
                    "balance": balance,
                }
            )
        return rows

    def _iter_statement_parts(self):
        rows = self._get_statement_rows()
        if not rows:
            return
        today = fields.Date.context_today(self)
        title = self.env._("Statement of account")
        header = [
            self.env._("Date"),
            self.env._("Document"),
            self.env._("Due date"),
            self.env._("Debit"),
            self.env._("Credit"),
            self.env._("Balance"),
        ]
        table = csv_table(header, [tuple(row.values()) for row in rows])
        yield Part("statement", f"{title}.csv", title, today, content=table)
        yield self._render_part(
            Part("statement", f"{title}.pdf", title, today),
            "crm_billing.account_statement_report",
            self.ids,
            {"statement": {"file": self, "header": header, "rows": rows}},
        )
