from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..lib.fec.entries import is_opening
from ..lib.fec.writer import (
    INVISIBLE,
    clean_text,
    opening_line,
    to_charset,
    write_header,
)

OPENING_CODE = "OUV"
PARTNER_ACCOUNTS = ("asset_receivable", "liability_payable")
PROFIT, LOSS = ("120000", "129000")
BATCH_ROWS = 10_000


class CrmFecBuilder(models.AbstractModel):
    """Writes the accounting file of a company to a stream, line after line.

    Why this is not core's query is told in docs/decisions/0015. One row of the result
    is one finished line: the database cleans, formats and sorts, Python only copies.
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
        for line in self._iter_opening(wizard):
            stream.write(to_charset(line, encoding))
        self.env.flush_all()
        for rows in self._iter_rows(self._prepare_lines_query(wizard, journals)):
            text = "\n".join(row[0] for row in rows) + "\n"
            stream.write(to_charset(text, encoding))

    def _get_fec_lang(self) -> str:
        """The labels are read by the French administration."""
        installed = dict(self.env["res.lang"].get_installed())
        return "fr_FR" if "fr_FR" in installed else self.env.lang or "en_US"

    def _iter_rows(self, query):
        """Yield lists of rows through a cursor of the database.

        `DECLARE` keeps the result on the database's side: memory here does not grow
        with the number of lines.
        """
        cr = self.env.cr
        cr.execute(SQL("DECLARE crm_fec NO SCROLL CURSOR FOR %s", query))
        try:
            while True:
                cr.execute(SQL("FETCH FORWARD %s FROM crm_fec", BATCH_ROWS))
                rows = cr.fetchall()
                if not rows:
                    break
                yield rows
        finally:
            cr.execute(SQL("CLOSE crm_fec"))

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

    # === Opening balances === #

    def _iter_opening(self, wizard):
        """Yield the opening balances: accounts, then the result carried forward."""
        total = Decimal(0)
        for account_id, balance, partner_ref, partner_name in self._read_opening(
            wizard
        ):
            account = self.env["account.account"].browse(account_id)
            if account.account_type == "equity_unaffected":
                # Odoo's technical account is not one of the general chart.
                total += balance
                continue
            yield self._write_opening(
                wizard,
                (account.code or "", clean_text(account.name)),
                balance,
                (clean_text(partner_ref), clean_text(partner_name)),
            )
        total += self._read_result(wizard)
        if total:
            account = self._get_result_account(wizard, is_loss=total > 0)
            yield self._write_opening(wizard, account, total)

    def _write_opening(self, wizard, account, balance, partner=("", "")):
        return opening_line(
            code=OPENING_CODE,
            label="A nouveaux",
            day=wizard.date_from,
            account=account,
            partner=partner,
            balance=balance,
            text=f"A nouveaux {wizard.date_from.year}",
        )

    def _get_opening_query(self, wizard, carried_forward: bool):
        return (
            self.env["account.move.line"]
            .sudo()
            ._search(
                [
                    *wizard._get_fec_domain(),
                    ("date", "<", wizard.date_from),
                    ("account_id.include_initial_balance", "=", carried_forward),
                ]
            )
        )

    def _read_opening(self, wizard):
        """Return (account id, balance, partner number, partner name) that are due."""
        query = self._get_opening_query(wizard, carried_forward=True)
        account = query.left_join(
            "account_move_line", "account_id", "account_account", "id", "account_id"
        )
        partner = query.left_join(
            "account_move_line", "partner_id", "res_partner", "id", "partner_id"
        )
        account, partner = SQL.identifier(account), SQL.identifier(partner)
        is_third = SQL("%s.account_type = ANY(%s)", account, list(PARTNER_ACCOUNTS))
        code = self.env["account.account"]._field_to_sql(
            "account_move_line__account_id", "code", query
        )
        keys = SQL(
            "%(account)s.id, CASE WHEN %(third)s THEN %(partner)s.id END, "
            "CASE WHEN %(third)s THEN COALESCE(NULLIF(BTRIM(%(partner)s.ref), ''), "
            "%(partner)s.id::text) END, "
            "CASE WHEN %(third)s THEN COALESCE(NULLIF(BTRIM(%(partner)s.name), ''), "
            "%(partner)s.id::text) END",
            account=account,
            partner=partner,
            third=is_third,
        )
        rows = self.env.execute_query(
            SQL(
                "%s GROUP BY %s HAVING ROUND(SUM(account_move_line.balance), 2) <> 0 "
                "ORDER BY MIN(%s), 4",
                query.select(SQL("%s, ROUND(SUM(account_move_line.balance), 2)", keys)),
                SQL("1, 2, 3, 4"),
                code,
            )
        )
        return [(row[0], Decimal(row[4]), row[2], row[3]) for row in rows]

    def _read_result(self, wizard) -> Decimal:
        """Return the sum of income and expenses of the years before."""
        query = self._get_opening_query(wizard, carried_forward=False)
        total = SQL("COALESCE(ROUND(SUM(account_move_line.balance), 2), 0)")
        return Decimal(self.env.execute_query(query.select(total))[0][0])

    def _get_result_account(self, wizard, is_loss: bool) -> tuple[str, str]:
        """Return the account of last year's profit or loss: 120 or 129."""
        number = LOSS if is_loss else PROFIT
        accounts = self.env["account.account"].with_company(wizard._get_fec_company())
        found = accounts.sudo().search(
            [
                *accounts._check_company_domain(wizard._get_fec_company()),
                ("code", "=like", f"{number[:3]}%"),
                ("account_type", "!=", "equity_unaffected"),
            ],
            order="code",
            limit=1,
        )
        if found:
            return found.code, clean_text(found.name)
        sense = "perte" if is_loss else "bénéfice"
        return number, f"Résultat de l'exercice ({sense})"

    # === The lines of the year === #

    def _prepare_lines_query(self, wizard, journals):
        """Return the query whose rows are the lines of the file, in their order."""
        query = (
            self.env["account.move.line"]
            .sudo()
            ._search(
                [
                    *wizard._get_fec_domain(),
                    ("date", ">=", wizard.date_from),
                    ("date", "<=", wizard.date_to),
                ]
            )
        )
        link = {
            name: SQL.identifier(
                query.left_join("account_move_line", column, table, "id", column)
            )
            for name, (column, table) in {
                "account": ("account_id", "account_account"),
                "partner": ("partner_id", "res_partner"),
                "move": ("move_id", "account_move"),
                "currency": ("currency_id", "res_currency"),
                "full": ("full_reconcile_id", "account_full_reconcile"),
            }.items()
        }
        query.add_join(
            "JOIN",
            "fec_journal",
            SQL(
                "(SELECT * FROM (VALUES %s) AS v(id, code, label, is_first))",
                SQL(", ").join(SQL("(%s, %s, %s, %s)", *row) for row in journals),
            ),
            SQL("fec_journal.id = account_move_line.journal_id"),
        )
        query.add_join(
            "JOIN",
            "fec_move",
            self._prepare_moves_query(wizard),
            SQL("fec_move.id = account_move_line.move_id"),
        )
        query.add_join(
            "LEFT JOIN",
            "fec_letter",
            self._prepare_letters_query(wizard),
            SQL("fec_letter.id = account_move_line.full_reconcile_id"),
        )
        values = self._prepare_values(query, wizard, link)
        query.order = SQL(
            "fec_journal.is_first DESC, fec_move.valid, fec_journal.code, "
            "%(move)s.sequence_prefix, %(move)s.sequence_number, %(move)s.id, "
            "account_move_line.id",
            move=link["move"],
        )
        return query.select(SQL("CONCAT_WS(CHR(9), %s)", SQL(", ").join(values)))

    def _prepare_moves_query(self, wizard):
        """Return (move id, day it became final): secured, locked, or today."""
        today = fields.Date.context_today(wizard)
        companies = wizard._get_fec_companies()
        return SQL(
            """(
            SELECT move.id, CASE
                WHEN move.inalterable_hash IS NOT NULL THEN
                    GREATEST(move.date, COALESCE(
                        move.fec_valid_date, move.create_date::date))
                ELSE COALESCE((
                    SELECT GREATEST(
                               move.date, move.create_date::date,
                               MIN(lock.effective_on))
                      FROM crm_fec_lock lock
                     WHERE lock.company_id = ANY(%(locks)s)
                       AND lock.lock_date >= move.date
                       AND lock.date_revoked IS NULL
                    HAVING MIN(lock.effective_on) IS NOT NULL
                ), %(today)s)
                END AS valid
              FROM account_move move
             WHERE move.company_id = ANY(%(companies)s)
               AND move.date BETWEEN %(first)s AND %(last)s
            )""",
            locks=wizard._get_fec_company().ids,
            companies=companies.ids,
            today=today,
            first=wizard.date_from,
            last=wizard.date_to,
        )

    def _prepare_letters_query(self, wizard):
        """Return (full reconcile id, day it was matched at the earliest)."""
        return SQL(
            """(
            SELECT full_reconcile_id AS id, MAX(date) AS last
              FROM account_move_line
             WHERE full_reconcile_id IS NOT NULL AND company_id = ANY(%s)
             GROUP BY full_reconcile_id
            )""",
            wizard._get_fec_companies().ids,
        )

    def _prepare_values(self, query, wizard, link):
        """Return the eighteen expressions of a line."""
        accounts = self.env["account.account"]
        code = accounts._field_to_sql("account_move_line__account_id", "code", query)
        label = accounts._field_to_sql("account_move_line__account_id", "name", query)
        move, partner = link["move"], link["partner"]
        is_third = SQL(
            "%s.account_type = ANY(%s) AND %s.id IS NOT NULL",
            link["account"],
            list(PARTNER_ACCOUNTS),
            partner,
        )
        number = SQL(
            "COALESCE(%s, 'BROUILLON-' || %s.id)",
            _legible(SQL("NULLIF(%s.name, '/')", move)),
            move,
        )
        is_sale = SQL(
            "%s.move_type IN ('out_invoice', 'out_refund', 'out_receipt')", move
        )
        is_draft = SQL("%s.state = 'draft'", move)
        is_foreign = SQL(
            "account_move_line.currency_id <> account_move_line.company_currency_id "
            "AND ROUND(account_move_line.amount_currency, 2) <> 0"
        )
        reference = _legible(SQL("%s.ref", move))
        day = SQL("TO_CHAR(%s, 'YYYYMMDD')", SQL("%s.date", move))
        letter_day = SQL(
            "(%s.create_date AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris')::date",
            link["full"],
        )
        return [
            SQL("fec_journal.code"),
            SQL("fec_journal.label"),
            number,
            day,
            SQL("COALESCE(%s, '')", _clean(code)),
            SQL("COALESCE(%s, '')", _clean(label)),
            _when(
                is_third,
                SQL(
                    "COALESCE(%s, %s.id::text)", _clean(SQL("%s.ref", partner)), partner
                ),
            ),
            _when(
                is_third,
                SQL(
                    "COALESCE(%s, %s.id::text)",
                    _clean(SQL("%s.name", partner)),
                    partner,
                ),
            ),
            SQL(
                "COALESCE(CASE WHEN %s THEN NULL ELSE %s END, %s)",
                is_sale,
                reference,
                number,
            ),
            SQL(
                "TO_CHAR(COALESCE(%(m)s.invoice_date, %(m)s.date), 'YYYYMMDD')", m=move
            ),
            SQL(
                "COALESCE(%s, %s, %s)",
                _legible(SQL("account_move_line.name")),
                reference,
                number,
            ),
            _amount(SQL("account_move_line.debit")),
            _amount(SQL("account_move_line.credit")),
            SQL("COALESCE(%s.id::text, '')", link["full"]),
            SQL(
                "COALESCE(TO_CHAR(GREATEST(%s, fec_letter.last), 'YYYYMMDD'), '')",
                letter_day,
            ),
            SQL(
                "CASE WHEN %s THEN '' ELSE TO_CHAR(fec_move.valid, 'YYYYMMDD') END",
                is_draft,
            ),
            _when(
                is_foreign,
                _amount(
                    SQL("account_move_line.amount_currency"),
                    SQL("%s.decimal_places", link["currency"]),
                ),
            ),
            _when(is_foreign, SQL("%s.name", link["currency"])),
        ]


def _clean(text: SQL) -> SQL:
    """A text without separators, quotes and invisible characters, NULL when empty."""
    return SQL(
        "NULLIF(BTRIM(REGEXP_REPLACE(TRANSLATE(%s, %s, %s), %s, ' ', 'g')), '')",
        text,
        '|\\"',
        "//'",
        INVISIBLE,
    )


def _legible(text: SQL) -> SQL:
    """The same, NULL when nobody could read anything in it (a dash, a slash)."""
    return SQL("CASE WHEN %s ~ '[[:alnum:]]' THEN %s END", text, _clean(text))


def _when(condition: SQL, value: SQL) -> SQL:
    return SQL("CASE WHEN %s THEN %s ELSE '' END", condition, value)


def _amount(amount: SQL, decimals: SQL | None = None) -> SQL:
    places = SQL("GREATEST(%s, 2)", decimals) if decimals else SQL("2")
    return SQL("REPLACE(ROUND(%s, %s)::text, '.', ',')", amount, places)
