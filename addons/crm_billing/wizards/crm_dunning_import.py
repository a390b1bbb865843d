import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.dunning_import import FileRefusedError, parse_levels

# Errors shown at once; the file is refused whole, so the first ones are enough.
MOST_ERRORS = 50


class CrmDunningImport(models.TransientModel):
    """Takes over reminder levels of another tool: all rows, or none."""

    _name = "crm.dunning.import"
    _description = "Import of Reminder Levels"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "crm.dunning.policy",
        string="Policy",
        required=True,
        default=lambda self: self.env.company._get_dunning_policy(),
        help="Its steps after the due date are levels 1, 2, 3 ...",
    )
    content = fields.Binary(string="CSV File", required=True, attachment=False)
    filename = fields.Char()
    errors = fields.Text(string="Rows to Mend", readonly=True)

    def action_import(self):
        """Import the file, or list what is wrong in it."""
        self.ensure_one()
        # Only who bills may say what was sent.
        self.env["account.move"]._check_billing_right()
        values, errors = self._read()
        if errors:
            self.errors = self._format_errors(errors)
            return {
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        # sudo: lines are written by the engine only, here after the check above
        lines = self.env["crm.dunning.line"].sudo().create(values)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_dunning_line_action"
        )
        return {**action, "domain": [("id", "in", lines.ids)], "context": {}}

    def _read(self):
        try:
            rows, errors = parse_levels(base64.b64decode(self.content))
        except FileRefusedError as error:
            raise UserError(self._explain_file(error)) from None
        messages = [(e.line, self._explain_row(e)) for e in errors]
        moves = self._find_moves(rows)
        taken = self._find_taken(moves)
        values = []
        for row in rows:
            move = moves.get(row.number)
            step = self._find_step(row.level, move)
            trouble = self._find_trouble(row, move, step, taken)
            if trouble:
                messages.append((row.line, trouble))
            else:
                values.append(self._prepare_line(row, move, step))
        if not values and not messages:
            raise UserError(self.env._("The file has no row below its first one."))
        return values, sorted(messages)

    def _find_moves(self, rows):
        """Return {number: invoice} with one search for the whole file."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("name", "in", [row.number for row in rows]),
            ]
        )
        return {move.name: move for move in moves}

    def _find_taken(self, moves):
        # sudo: the database refuses a second one whoever asks
        lines = self.env["crm.dunning.line"].sudo()
        ids = [move.id for move in moves.values()]
        found = lines.search([("move_id", "in", ids), ("state", "!=", "cancelled")])
        return {(line.move_id.id, line.step_id.id) for line in found}

    def _find_step(self, level, move):
        """Return the step a level names: its rank after the due date, or its name."""
        steps = self.policy_id.step_ids.sorted("offset_days")
        if move:
            is_business = move.commercial_partner_id._is_business_customer()
            steps = steps.filtered(
                lambda s: (
                    s.audience == "all" or (s.audience == "business") == is_business
                )
            )
        late = steps.filtered(lambda s: s.offset_days > 0)
        if level.isdigit():
            rank = int(level)
            return late[rank - 1] if 0 < rank <= len(late) else late[:0]
        return steps.filtered(
            lambda s: level.lower() in (s.name.lower(), s.timing.lower())
        )[:1]

    def _find_trouble(self, row, move, step, taken):
        """Return the sentence that refuses a row, or nothing."""
        if not move:
            return self.env._(
                "no invoice has the number %(number)s.", number=row.number
            )
        if move.state != "posted" or not move.amount_residual:
            return self.env._("%(number)s is not open any more.", number=row.number)
        if not step:
            return self.env._(
                "the policy has no level %(level)s for this client.", level=row.level
            )
        if row.sent_on > self.company_id._get_dunning_today():
            return self.env._(
                "%(day)s is in the future.", day=fields.Date.to_string(row.sent_on)
            )
        if (move.id, step.id) in taken:
            return self.env._(
                "%(number)s already has %(step)s.", number=row.number, step=step.name
            )
        return ""

    def _prepare_line(self, row, move, step):
        return {
            "company_id": self.company_id.id,
            "partner_id": move.commercial_partner_id.id,
            "move_id": move.id,
            "step_id": step.id,
            "offset_days": step.offset_days,
            "date": row.sent_on,
            "date_due": move.invoice_date_due,
            "currency_id": move.currency_id.id,
            "amount_total": move.amount_total,
            "amount_paid": move.amount_total - move.amount_residual,
            "amount_residual": move.amount_residual,
            "is_imported": True,
            "note": self.env._("Taken over from another tool"),
        }

    # === Words === #

    def _format_errors(self, errors):
        lines = [
            self.env._("Line %(line)s: %(error)s", line=line, error=text)
            for line, text in errors[:MOST_ERRORS]
        ]
        if len(errors) > MOST_ERRORS:
            lines.append(
                self.env._("... and %(count)s more.", count=len(errors) - MOST_ERRORS)
            )
        return "\n".join(lines)

    def _explain_row(self, error):
        texts = {
            "no_number": self.env._("the invoice number is missing."),
            "no_level": self.env._("the level is missing."),
            "no_date": self.env._("the date is missing."),
            "bad_date": self.env._(
                "%(value)s is not a date: write 2026-04-20 or 20/04/2026.",
                value=error.value,
            ),
            "twice": self.env._(
                "the invoice is already on line %(value)s.", value=error.value
            ),
        }
        return texts[error.code]

    def _explain_file(self, error):
        columns = {
            "number": self.env._("invoice"),
            "level": self.env._("level"),
            "date": self.env._("date"),
        }
        texts = {
            "empty": self.env._("The file is empty."),
            "unreadable": self.env._("This is not a CSV file: %s", error.detail),
            "no_column": self.env._(
                "The first line of the file must name the columns invoice, level and"
                " date: %(column)s is missing.",
                column=columns.get(error.detail, ""),
            ),
            "too_long": self.env._("The file has more than %s rows.", error.detail),
        }
        return texts[error.code]
