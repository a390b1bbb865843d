import numpy as np

from odoo import models
from odoo.tools import SQL

from odoo.addons.crm_ai_scoring.lib.catalogue import Feature, Fragment
from odoo.addons.crm_ai_scoring.models.crm_score_features import DAY


class CrmScoreFeatures(models.AbstractModel):
    """What was known of the quotations of a deal at a moment.

    Only what carries a date is read: the follow-up of a quotation and its versions are
    added to and never changed. The state of a quotation has no date and tells the
    outcome, so it is no fact.
    """

    _inherit = "crm.score.features"

    def _get_score_features(self):
        return [*super()._get_score_features(), *self._get_quote_features()]

    def _get_quote_features(self):
        def quoted(name, label, unit="", **more):
            return Feature(name, "number", label, "quotes", unit, **more)

        return [
            quoted(
                "quotes_sent",
                self.env._("Quotations sent"),
                advice=self.env._("Send a quotation"),
                target=1.0,
            ),
            quoted("quote_opened", self.env._("Times the client opened a quotation")),
            quoted(
                "last_opened_days",
                self.env._("Last opening of a quotation by the client"),
                "days",
            ),
            quoted("quote_amount", self.env._("Amount of the last quotation"), "money"),
        ]

    def _get_score_fragments(self):
        return [
            *super()._get_score_fragments(),
            Fragment(FOLLOW_UP_COLUMNS, self._build_follow_up_query),
            Fragment(("quote_amount",), self._build_quote_query, float("nan")),
        ]

    def _build_follow_up_query(self, scope: SQL) -> SQL:
        return SQL(FOLLOW_UP_QUERY, scope=scope)

    def _build_quote_query(self, scope: SQL) -> SQL:
        return SQL(QUOTE_QUERY, scope=scope)

    def _derive_score_columns(self, frame):
        derived = super()._derive_score_columns(frame)
        waited = (frame.as_of - frame.columns["_last_opened"]) / DAY
        frame.columns["last_opened_days"] = np.maximum(waited, 0.0)
        return derived


FOLLOW_UP_COLUMNS = ("quotes_sent", "quote_opened", "_last_opened")
FOLLOW_UP_QUERY = """
SELECT scope.lead_id::float8,
       count(DISTINCT event.order_id) FILTER (WHERE event.kind = 'sent')::float8,
       count(*) FILTER (WHERE event.kind = 'opened')::float8,
       COALESCE(EXTRACT(EPOCH FROM
           max(event.at) FILTER (WHERE event.kind = 'opened')), 'NaN')::float8
  FROM (%(scope)s) scope
  JOIN sale_order quote ON quote.opportunity_id = scope.lead_id
  JOIN crm_quote_event event ON event.order_id = quote.id AND event.at < scope.as_of
 GROUP BY scope.lead_id
"""

# In the money of the company, as the expected revenue is.
QUOTE_QUERY = """
SELECT DISTINCT ON (scope.lead_id) scope.lead_id::float8,
       COALESCE(NULLIF(version.amount_untaxed, 0)::float8, 'NaN'::float8)
  FROM (%(scope)s) scope
  JOIN sale_order quote ON quote.opportunity_id = scope.lead_id
  JOIN res_company company ON company.id = quote.company_id
  JOIN crm_quote_version version ON version.order_id = quote.id
   AND version.taken_at < scope.as_of AND version.currency_id = company.currency_id
 ORDER BY scope.lead_id, version.taken_at DESC, version.id DESC
"""
