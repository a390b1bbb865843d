from odoo import fields, models
from odoo.tools import SQL

from ..lib.fec.entries import is_opening
from ..lib.fec.writer import LineFormat, clean_text, to_charset, write_header

OPENING_CODE = "OUV"
PARTNER_ACCOUNTS = ("asset_receivable", "liability_payable")
BATCH_ROWS = 10_000


class CrmFecBuilder(models.AbstractModel):
    """Writes the accounting file of a company to a stream, line after line.

    Why this is not core's query is told in docs/decisions/0015. The database formats
    and sorts, Python cleans the texts and copies.
    """

    _name = "crm.fec.builder"
    _description = "Writer of the French Accounting File"

    def _write_fec(self, stream, wizard):
        """Write the whole file.

        :param stream: binary stream
        :param wizard: `l10n_fr.fec.export.wizard` with the choices
        """
        encoding = wizard.fec_encoding
        journals = self._get_fec_journals(wizard)
        stream.write(write_header().encode())
        for text in self._iter_opening(wizard):
            stream.write(to_charset(text, encoding))
        for text in self._iter_lines(wizard, journals):
            stream.write(to_charset(text, encoding))

    def _get_fec_lang(self) -> str:
        """The labels are read by the French administration."""
        installed = dict(self.env["res.lang"].get_installed())
        return "fr_FR" if "fr_FR" in installed else self.env.lang or "en_US"

    # === Journals === #

    def _get_fec_journals(self, wizard) -> list[tuple[int, str, str, bool]]:
        """Return (id, code, label, is opening) with codes that are each used once.

        A branch may have a journal with the code of its head office's: the code and
        the number together must mean one entry.
        """
        companies = wizard._get_fec_companies()
        # Archived journals have entries too.
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        found = journals.with_context(lang=self._get_fec_lang()).search(
            [("company_id", "in", companies.ids)], order="company_id, id"
        )
        used, result = {OPENING_CODE}, []
        for journal in found:
            code = base = clean_text(journal.code) or f"J{journal.id}"
            rank = 1
            while code in used:
                rank += 1
                code = f"{base}-{rank}"
            used.add(code)
            label = clean_text(journal.name) or code
            is_first = is_opening(code.encode(), label.encode())
            result.append((journal.id, code, label, is_first))
        return result

    # === The lines of the year === #

    def _iter_lines(self, wizard, journals):
        """Yield the lines of the year as texts, in the order of the file."""
        names = {row[0]: (row[1], row[2]) for row in journals}
        accounts = self._get_fec_accounts(wizard)
        format_line = LineFormat(names, accounts)
        self.env.flush_all()
        for rows in self._iter_rows(self._prepare_lines_query(wizard, journals)):
            yield "".join(map(format_line, rows))

    def _iter_rows(self, query):
        """Yield lists of rows through a cursor of the database.

        `DECLARE` keeps the result on the database's side: memory here does not grow
        with the number of lines. All rows will be read, so the plan must not be
        chosen for the first ones.
        """
        cr = self.env.cr
        cr.execute("SET LOCAL cursor_tuple_fraction = 1")
        cr.execute(SQL("DECLARE crm_fec NO SCROLL CURSOR FOR %s", query))
        try:
            while True:
                cr.execute(SQL("FETCH FORWARD %s FROM crm_fec", BATCH_ROWS))
                rows = cr.fetchall()
                if not rows:
                    break
                yield rows
        finally:
            cr.execute("CLOSE crm_fec")

    def _get_fec_accounts(self, wizard) -> dict[int, tuple[str, str, bool]]:
        """Return (number, label, has auxiliary accounts) of the accounts used."""
        lines_sudo = self.env["account.move.line"].sudo()
        used = lines_sudo._read_group(wizard._get_fec_year_domain(), ["account_id"])
        return {
            account.id: (
                clean_text(account.code),
                clean_text(account.name),
                account.account_type in PARTNER_ACCOUNTS,
            )
            for (account,) in used
        }

    def _prepare_lines_query(self, wizard, journals):
        """Return the query of the lines, sorted by validation, journal and number."""
        query = (
            self.env["account.move.line"].sudo()._search(wizard._get_fec_year_domain())
        )
        link = {
            name: SQL.identifier(
                query.left_join("account_move_line", column, table, "id", column)
            )
            for name, (column, table) in {
                "partner": ("partner_id", "res_partner"),
                "move": ("move_id", "account_move"),
                "currency": ("currency_id", "res_currency"),
                "full": ("full_reconcile_id", "account_full_reconcile"),
            }.items()
        }
        query.add_join(
            "LEFT JOIN",
            "fec_letter",
            self._prepare_letters_query(wizard),
            SQL("fec_letter.id = account_move_line.full_reconcile_id"),
        )
        valid = self._prepare_valid_date(wizard, link["move"])
        openings = [row[0] for row in journals if row[3]]
        by_code = [row[0] for row in sorted(journals, key=lambda row: row[1])]
        query.order = SQL(
            "account_move_line.journal_id = ANY(%(openings)s) DESC, %(valid)s, "
            "ARRAY_POSITION(%(by_code)s, account_move_line.journal_id), "
            "%(move)s.sequence_prefix, %(move)s.sequence_number, %(move)s.id, "
            "account_move_line.id",
            move=link["move"],
            openings=openings,
            by_code=by_code,
            valid=valid,
        )
        return query.select(*self._prepare_columns(link, valid))

    def _prepare_valid_date(self, wizard, move):
        """Return the day an entry became final: secured, locked, or today."""
        today = fields.Date.context_today(wizard)
        locks_sudo = self.env["crm.fec.lock"].sudo()
        locks = locks_sudo.search(
            [
                ("company_id", "=", wizard._get_fec_company().id),
                ("date_revoked", "=", False),
            ],
            order="lock_date desc",
        )
        steps, earliest = [], None
        for lock in locks:
            earliest = min(earliest or lock.effective_on, lock.effective_on)
            step = SQL(
                "WHEN %(move)s.date <= %(lock)s THEN GREATEST("
                "%(move)s.date, %(move)s.create_date::date, %(day)s)",
                move=move,
                lock=lock.lock_date,
                day=earliest,
            )
            steps.insert(0, step)
        return SQL(
            "CASE WHEN %(move)s.inalterable_hash IS NOT NULL THEN GREATEST("
            "%(move)s.date, COALESCE(%(move)s.fec_valid_date, "
            "%(move)s.create_date::date)) %(steps)s ELSE %(today)s END",
            move=move,
            steps=SQL(" ").join(steps),
            today=today,
        )

    def _prepare_letters_query(self, wizard):
        """Return (full reconcile id, day it was matched at the earliest)."""
        return SQL(
            "(SELECT full_reconcile_id AS id, MAX(date) AS last FROM account_move_line"
            " WHERE full_reconcile_id IS NOT NULL AND company_id = ANY(%s)"
            " GROUP BY full_reconcile_id)",
            wizard._get_fec_companies().ids,
        )

    def _prepare_columns(self, link, valid):
        """Return the expressions that `LineFormat` reads, in its order."""
        move, partner, full = link["move"], link["partner"], link["full"]
        letter_day = SQL(
            "GREATEST((%s.create_date AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris')"
            "::date, fec_letter.last)",
            full,
        )
        is_foreign = SQL(
            "account_move_line.currency_id <> account_move_line.company_currency_id "
            "AND ROUND(account_move_line.amount_currency, 2) <> 0"
        )
        return [
            SQL("account_move_line.journal_id"),
            SQL("%s.id", move),
            SQL("%s.name", move),
            SQL("%s.ref", move),
            SQL("%s.move_type IN ('out_invoice', 'out_refund', 'out_receipt')", move),
            SQL("%s", _day(SQL("%s.date", move))),
            SQL("account_move_line.account_id"),
            SQL("%s.id", partner),
            SQL("%s.ref", partner),
            SQL("%s.name", partner),
            _day(SQL("COALESCE(%(m)s.invoice_date, %(m)s.date)", m=move)),
            SQL("account_move_line.name"),
            _amount(SQL("account_move_line.debit"), SQL("2")),
            _amount(SQL("account_move_line.credit"), SQL("2")),
            SQL("COALESCE(%s.id::text, '')", full),
            SQL("COALESCE(%s, '')", _day(letter_day)),
            SQL("CASE WHEN %s.state = 'draft' THEN '' ELSE %s END", move, _day(valid)),
            SQL(
                "CASE WHEN %s THEN %s ELSE '' END",
                is_foreign,
                _amount(
                    SQL("account_move_line.amount_currency"),
                    SQL("GREATEST(%s.decimal_places, 2)", link["currency"]),
                ),
            ),
            SQL("CASE WHEN %s THEN %s.name ELSE '' END", is_foreign, link["currency"]),
        ]


def _day(day: SQL) -> SQL:
    return SQL("TO_CHAR(%s, 'YYYYMMDD')", day)


def _amount(amount: SQL, places: SQL) -> SQL:
    return SQL("REPLACE(ROUND(%s, %s)::text, '.', ',')", amount, places)
