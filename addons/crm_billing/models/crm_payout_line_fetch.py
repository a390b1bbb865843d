from odoo import api, models

from odoo.addons.crm_integrations.row_lock import take_rows

from ..lib.stripe_payout import Role
from .crm_payout_fetch import to_amount, to_datetime


class CrmPayoutLine(models.Model):
    _inherit = "crm.payout.line"

    @api.model
    def _receive(self, connection, payout, news_list):
        """Store movements; those of a payout learn that they are in it.

        :param news_list: `MovementNews`
        """
        if not connection.payout_is_ready:
            return
        known = {
            line.remote_id: line
            for line in self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("remote_id", "in", [news.remote_id for news in news_list]),
                ]
            )
        }
        if payout:
            take_rows(self.union(*known.values()))
        codes = {news.currency for news in news_list}
        codes |= {news.source_currency for news in news_list}
        currencies = payout._get_currencies(codes)
        missing = []
        for news in news_list:
            line = known.get(news.remote_id)
            if line and payout and line.payout_id != payout:
                line.payout_id = payout
            elif not line and news.role is not Role.PAYOUT:
                values = self._prepare_values(news, currencies)
                values["connection_id"] = connection.id
                values["payout_id"] = payout.id
                missing.append(values)
        self.create(missing)

    def _prepare_values(self, news, currencies):
        source_currency = currencies.get(news.source_currency)
        is_ours = news.metadata.get("database") == self.env.cr.dbname
        fees = [
            (kind, to_amount(minor, news.currency), text)
            for kind, minor, text in news.fees
        ]
        return {
            "remote_id": news.remote_id,
            "role": news.role.value,
            "kind": news.kind,
            "category": news.category,
            "created_at": to_datetime(news.created_at),
            "available_at": to_datetime(news.available_at),
            "currency_id": currencies[news.currency].id,
            "amount": to_amount(news.amount_minor, news.currency),
            "fee": to_amount(news.fee_minor, news.currency),
            "net": to_amount(news.net_minor, news.currency),
            "fee_details": fees,
            "description": news.description,
            "source": news.source_id,
            "payment_intent": news.payment_intent_id,
            "reference": is_ours and news.metadata.get("reference"),
            "source_currency_id": source_currency.id if source_currency else False,
            "source_amount": source_currency
            and to_amount(news.source_minor or 0, news.source_currency),
            "exchange_rate": news.exchange_rate,
        }
