from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.modules import module

from ..lib.compliance import BLOCK

# A list of thirty documents is read; a longer one is looked at in the list view.
MAX_TOLD = 30


class AccountMove(models.Model):
    _inherit = "account.move"

    fr_checklist = fields.Json(compute="_compute_fr_checklist")

    @api.depends(
        "state",
        "move_type",
        "company_id",
        "partner_id",
        "partner_shipping_id",
        "currency_id",
        "invoice_date",
        "invoice_date_due",
        "invoice_line_ids.name",
        "invoice_line_ids.product_id",
        "invoice_line_ids.tax_ids",
        "invoice_line_ids.price_subtotal",
        "reversed_entry_id",
        "fr_credit_reason",
    )
    def _compute_fr_checklist(self):
        for move in self:
            concerned = move.state == "draft" and move._has_fr_mentions()
            move.fr_checklist = move._get_fr_checklist() if concerned else False

    # Posting

    def _must_check_fr(self):
        """Tell whether the check may stop the documents.

        Tests of other addons post documents of bare French companies: as usual with
        such checks, a test has to ask for this one.
        """
        return not module.current_test or self.env.context.get("test_fr_compliance")

    def _get_fr_blocking(self):
        """Return ``{document: [(finding, sentence)]}`` of those that are stopped."""
        if not self._must_check_fr():
            return {}
        blocking = {}
        drafts = self.filtered(lambda m: m.state == "draft" and m._has_fr_mentions())
        for company, moves in drafts.grouped("company_id").items():
            law = self._get_fr_law(company)
            for move in moves:
                rows = [
                    (finding, sentence)
                    for finding, level, sentence in move._get_fr_findings(law)
                    if level == BLOCK
                ]
                if rows:
                    blocking[move] = rows
        return blocking

    def _follow_fr_invoice_date(self):
        """Move the due date of drafts that waited to the day of the invoice."""
        for move in self:
            if move.state != "draft" or not move._has_fr_mentions():
                continue
            due = move._get_fr_due_day()
            if due and due != move.invoice_date_due:
                move.invoice_date_due = due

    def action_post(self):
        self._follow_fr_invoice_date()
        blocking = self._get_fr_blocking()
        if not blocking:
            return super().action_post()
        if self._is_fr_paid_online(blocking):
            return self._leave_fr_drafts(blocking)
        message = self._tell_fr_blocking(blocking)
        if len(blocking) == 1:
            ((move, rows),) = blocking.items()
            action = move._get_fr_fix_action(rows[0][0])
            raise RedirectWarning(message, action, self.env._("Put it right"))
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents to complete"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [move.id for move in blocking])],
        }
        raise RedirectWarning(message, action, self.env._("Open these documents"))

    def _post(self, soft=True):
        today = fields.Date.context_today(self)
        posting = self.filtered(lambda m: not soft or not m.date or m.date <= today)
        posting._follow_fr_invoice_date()
        blocking = posting._get_fr_blocking()
        if blocking:
            raise UserError(self._tell_fr_blocking(blocking))
        return super()._post(soft)

    def _is_fr_paid_online(self, blocking):
        """Tell whether the server posts because the client has just paid."""
        return self.env.su and all(move.transaction_ids for move in blocking)

    def _leave_fr_drafts(self, blocking):
        """Money that came in is booked; a human completes the invoice."""
        for move, rows in blocking.items():
            move.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Paid invoice that cannot be posted yet"),
                note=self.env._(
                    "The client has paid online. The invoice stays a draft until this "
                    "is put right: %(reasons)s",
                    reasons=" ".join(sentence for _finding, sentence in rows),
                ),
                user_id=move.invoice_user_id.id or self.env.uid,
            )
        rest = self - self.concat(*blocking)
        return rest.action_post() if rest else False

    def _tell_fr_blocking(self, blocking):
        """Return the message of everything that stops posting, per document."""
        blocks = []
        for move, rows in list(blocking.items())[:MAX_TOLD]:
            title = self.env._(
                "%(document)s for %(client)s:",
                document=move._get_fr_short_name(),
                client=move.partner_id.display_name or self.env._("no client"),
            )
            blocks.append("\n".join([title, *(f"- {row[1]}" for row in rows)]))
        rest = len(blocking) - MAX_TOLD
        if rest > 0:
            blocks.append(self.env._("... and %(count)s more documents.", count=rest))
        head = self.env._("French law asks for more before this can be posted.")
        return "\n\n".join([head, *blocks])

    def _get_fr_short_name(self):
        if self.name and self.name != "/":
            return self.name
        return self.env._(
            "Draft of %(amount)s", amount=self.currency_id.format(self.amount_total)
        )
