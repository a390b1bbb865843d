from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..lib.fec.writer import clean_text, opening_line
from .crm_fec_builder import OPENING_CODE, PARTNER_ACCOUNTS

PROFIT, LOSS = ("120000", "129000")


class CrmFecBuilder(models.AbstractModel):
    """What the years before leave: balances, and the result on 120 or 129."""

    _inherit = "crm.fec.builder"

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
