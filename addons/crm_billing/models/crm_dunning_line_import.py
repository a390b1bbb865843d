from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.dunning_import import FileRefusedError, parse_levels


class CrmDunningLine(models.Model):
    """Takes over the reminder levels of another tool."""

    _inherit = "crm.dunning.line"

    @api.model
    def _read_levels(self, company, policy, content):
        """Read a CSV file of reminder levels of another tool.

        :return: values of lines, and (line of the file, why it was refused) pairs
        """
        try:
            rows, errors = parse_levels(content)
        except FileRefusedError as error:
            raise UserError(self._explain_file_error(error)) from None
        messages = [(e.line, self._explain_row_error(e)) for e in errors]
        moves = self._find_level_moves(company, rows)
        taken = self._find_taken_levels(moves)
        values = []
        for row in rows:
            move = moves.get(row.number)
            step = self._find_level_step(policy, row.level, move)
            trouble = self._find_level_trouble(company, row, move, step, taken)
            if trouble:
                messages.append((row.line, trouble))
            else:
                values.append(self._prepare_level(company, row, move, step))
        if not values and not messages:
            raise UserError(self.env._("The file has no row below its first one."))
        return values, sorted(messages)

    def _find_level_moves(self, company, rows):
        """Return {number: invoice} with one search for the whole file."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("move_type", "=", "out_invoice"),
                ("name", "in", [row.number for row in rows]),
            ]
        )
        return {move.name: move for move in moves}

    def _find_taken_levels(self, moves):
        # sudo: the database refuses a second one whoever asks
        lines = self.sudo()
        ids = [move.id for move in moves.values()]
        found = lines.search([("move_id", "in", ids), ("state", "!=", "cancelled")])
        return {(line.move_id.id, line.step_id.id) for line in found}

    def _find_level_step(self, policy, level, move):
        """Return the step a level names: its rank after the due date, or its name."""
        steps = policy.step_ids.sorted("offset_days")
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

    def _find_level_trouble(self, company, row, move, step, taken):
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
        if row.sent_on > company._get_dunning_today():
            return self.env._(
                "%(day)s is in the future.", day=fields.Date.to_string(row.sent_on)
            )
        if (move.id, step.id) in taken:
            return self.env._(
                "%(number)s already has %(step)s.", number=row.number, step=step.name
            )
        return ""

    def _prepare_level(self, company, row, move, step):
        return {
            "company_id": company.id,
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

    def _explain_row_error(self, error):
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

    def _explain_file_error(self, error):
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
