from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..lib.invoice_number import format_number, get_prefix


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_fr_series(self):
        """Return the letters of the series of this document, empty outside ours."""
        self.ensure_one()
        journal = self.journal_id
        if not journal.fr_invoice_series or not self.is_sale_document():
            return ""
        if self.move_type == "out_refund" and journal.fr_credit_note_series:
            return journal.fr_credit_note_series
        if journal.fr_deposit_series and self._is_downpayment():
            return journal.fr_deposit_series
        return journal.fr_invoice_series

    # The next number

    def _get_last_sequence_domain(self, relaxed=False):
        series = self._get_fr_series()
        if not series or not self.date:
            return super()._get_last_sequence_domain(relaxed)
        # The series of one year and nothing else: an older pattern in the journal
        # neither continues nor restarts ours.
        return (
            "WHERE journal_id = %(journal_id)s AND name != '/'"
            " AND sequence_prefix = %(fr_prefix)s",
            {
                "journal_id": self.journal_id.id,
                "fr_prefix": get_prefix(self.date.year, series),
            },
        )

    def _get_starting_sequence(self):
        series = self._get_fr_series()
        if not series:
            return super()._get_starting_sequence()
        day = self.date or self.invoice_date or fields.Date.context_today(self)
        return format_number(day.year, series, 0, self.journal_id.fr_number_digits)

    def _get_next_sequence_format(self):
        format_string, values = super()._get_next_sequence_format()
        journal = self.journal_id
        is_first = (
            not values["seq"]
            and journal.fr_first_number > 1
            and self.date
            and self.date.year == journal.fr_first_year
            and self._get_fr_series() == journal.fr_invoice_series
        )
        if is_first:  # the year was begun with another software
            values["seq"] = journal.fr_first_number - 1
        return format_string, values

    # Never older than the number before, never deleted, never renumbered

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._check_fr_chronology()
        return posted

    def _check_fr_chronology(self):
        """Refuse a number whose date breaks the order of its series."""
        for move in self.filtered(lambda m: m.invoice_date and m._get_fr_series()):
            if trouble := move._find_fr_chronology_trouble():
                raise UserError(trouble)

    def _find_fr_chronology_trouble(self):
        """Return why the date does not fit between its neighbours, or nothing."""
        self.ensure_one()
        base = [
            ("journal_id", "=", self.journal_id.id),
            ("sequence_prefix", "=", self.sequence_prefix),
            ("state", "=", "posted"),
            ("id", "!=", self.id),
        ]
        Move = self.sudo()  # numbers this user may not see count too
        before = Move.search(
            [
                *base,
                ("sequence_number", "<", self.sequence_number),
                ("invoice_date", ">", self.invoice_date),
            ],
            order="invoice_date desc",
            limit=1,
        )
        neighbour = (before.name, before.invoice_date) if before else None
        neighbour = neighbour or self._find_fr_unseen_number()
        if neighbour:
            return self._get_fr_chronology_trouble(*neighbour, is_later=False)
        after = Move.search(
            [
                *base,
                ("sequence_number", ">", self.sequence_number),
                ("invoice_date", "<", self.invoice_date),
            ],
            order="invoice_date",
            limit=1,
        )
        if after:
            return self._get_fr_chronology_trouble(
                after.name, after.invoice_date, is_later=True
            )
        return None

    def _find_fr_unseen_number(self):
        """Look for a later date among numbers given while this transaction ran.

        A transaction does not see what others commit after its start, yet it takes
        the number that follows theirs. When the number just before is not visible,
        a cursor of its own asks the database again.
        """
        number = self.sequence_number - 1
        known = self.sudo().search_count(
            [
                ("journal_id", "=", self.journal_id.id),
                ("sequence_prefix", "=", self.sequence_prefix),
                ("sequence_number", "=", number),
            ],
            limit=1,
        )
        if known or number < 1:
            return None
        query = SQL(
            """SELECT name, invoice_date FROM account_move
                WHERE journal_id = %s AND sequence_prefix = %s AND state = 'posted'
                  AND sequence_number < %s AND invoice_date > %s
                ORDER BY invoice_date DESC LIMIT 1""",
            self.journal_id.id,
            self.sequence_prefix,
            self.sequence_number,
            self.invoice_date,
        )
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            return cr.fetchone()

    def _get_fr_chronology_trouble(self, number, day, *, is_later):
        values = {
            "document": self.partner_id.display_name or self.display_name,
            "date": format_date(self.env, self.invoice_date),
            "number": number,
            "other_date": format_date(self.env, day),
        }
        if is_later:
            return self.env._(
                "The document of %(document)s cannot be dated %(date)s: number"
                " %(number)s, which follows, is dated %(other_date)s. Date it"
                " %(other_date)s or earlier.",
                **values,
            )
        return self.env._(
            "The document of %(document)s cannot be dated %(date)s: number %(number)s"
            " is already dated %(other_date)s and numbers follow the dates. Date it"
            " %(other_date)s or later, then confirm again.",
            **values,
        )

    def _is_fr_numbered(self):
        """Tell whether the number is final: given once, kept for ever."""
        return bool(
            self.posted_before
            and self.name
            and self.name != "/"
            and self._get_fr_series()
        )

    def write(self, vals):
        if vals.keys() & {"name", "journal_id"}:
            self._check_fr_number_kept(vals)
        return super().write(vals)

    def _check_fr_number_kept(self, vals):
        for move in self.filtered(lambda m: m._is_fr_numbered()):
            renamed = "name" in vals and vals["name"] != move.name
            moved = "journal_id" in vals and vals["journal_id"] != move.journal_id.id
            if renamed or moved:
                raise UserError(
                    self.env._(
                        "Number %s was given when the document was confirmed: it is"
                        " never changed. Correct the document with a credit note.",
                        move.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fr_numbered(self):
        for move in self:
            if move._is_fr_numbered():
                raise UserError(
                    self.env._(
                        "Document %s has a number: it is never deleted, or the series"
                        " would have a gap. Correct it with a credit note.",
                        move.name,
                    )
                )
