import io

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import late_fields
from ..lib.binary_copy import read_floats
from ..lib.frame import Frame, as_keys
from ..lib.table import Table
from ..lib.track_record import Deals, look_back, smooth_rate
from .crm_score_features import COMPLETENESS, DAY

# More deals than this are read without naming their owners.
FEW = 2_000
# Newest closed deals a model learns from.
MOST_CLOSED = 60_000
# Win rate of first deals while nothing is known of the company's.
USUAL_RATE = 0.25
# Share of won deals whose stage history may be unknown before stages are left out.
UNKNOWN_STAGES = 0.1
RECORD_COLUMNS = {
    "_user_id": ("seller", 0),
    "_client_id": ("client", 1),
}


class CrmScoreEngine(models.AbstractModel):
    """Reads the facts of deals in columns and makes tables of them.

    Nothing here loads a record: a hundred thousand deals are some arrays of numbers.
    """

    _name = "crm.score.engine"
    _inherit = "crm.score.features"
    _description = "Reader of the Facts of a Score"

    # === Which deals, and when === #

    def _build_company_filter(self, company) -> SQL:
        """Deals without company are their seller's company's, then the first one's."""
        first = self.env["res.company"].sudo().search([], order="id", limit=1)
        return SQL(
            "COALESCE(lead.company_id, seller.company_id, %s) = %s",
            first.id,
            company.id,
        )

    def _build_open_scope(self, company, now, lead_ids=None) -> SQL:
        """Open deals as they are now, all or some."""
        chosen = SQL("TRUE") if lead_ids is None else SQL("lead.id = ANY(%s)", lead_ids)
        return SQL(
            "SELECT lead.id AS lead_id, %(now)s::timestamp AS as_of FROM crm_lead lead"
            " LEFT JOIN res_users seller ON seller.id = lead.user_id"
            " WHERE lead.active AND lead.won_status = 'pending' AND %(company)s"
            " AND %(chosen)s",
            now=now,
            company=self._build_company_filter(company),
            chosen=chosen,
        )

    def _build_closed_scope(self, company, limit=MOST_CLOSED) -> SQL:
        """Closed deals at a moment of their life, before their end.

        An open deal is met anywhere in its life, so a closed one is too: the moment is
        a part of its life drawn from its id, the same at each training.
        """
        return SQL(
            "SELECT lead.id AS lead_id,"
            " lead.create_date + (lead.date_closed - lead.create_date) * (0.02 + 0.96 *"
            " ((lead.id::bigint * 2654435761) %% 4294967296) / 4294967296.0) AS as_of"
            " FROM crm_lead lead"
            " LEFT JOIN res_users seller ON seller.id = lead.user_id"
            " WHERE lead.won_status IN ('won', 'lost') AND lead.date_closed IS NOT NULL"
            " AND lead.date_closed >= lead.create_date AND %(company)s"
            " ORDER BY lead.date_closed DESC, lead.id DESC LIMIT %(limit)s",
            company=self._build_company_filter(company),
            limit=limit,
        )

    # === Reading === #

    def _copy_floats(self, query: SQL, width: int) -> np.ndarray:
        """Return the rows of a query whose columns are all `float8`, none NULL."""
        cursor = self.env.cr
        text = cursor.mogrify(query.code, query.params).decode()
        out = io.BytesIO()
        cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT binary)", out)
        return read_floats(out.getvalue(), width)

    @api.model
    def _read_frame(self, company, scope: SQL, base_rate=None, is_past=False) -> Frame:
        """Return the facts of the deals of a scope.

        :param is_past: the moments lie behind: what changed since is undone first
        """
        self.env.flush_all()
        rows = self._copy_floats(
            SQL(
                "SELECT scope.lead_id::float8, EXTRACT(EPOCH FROM scope.as_of)::float8"
                " FROM (%s) scope ORDER BY scope.lead_id",
                scope,
            ),
            2,
        )
        frame = Frame(rows[:, 0].astype(np.int64), rows[:, 1].copy())
        for fragment in self._get_score_fragments():
            found = self._copy_floats(fragment.build(scope), len(fragment.columns) + 1)
            frame.place(fragment.columns, found, fragment.empty)
        if is_past:
            self._rewind(frame, scope)
        self._add_track_records(company, frame, base_rate)
        self._derive_score_columns(frame)
        return frame

    # === The past === #

    def _rewind(self, frame: Frame, scope: SQL):
        """Give tracked fields the value they had at the moment of each deal."""
        fields_by_id = self._get_tracked_fields()
        rows = self._copy_floats(
            SQL(CHANGES_QUERY, scope=scope, fields=list(fields_by_id)), 5
        )
        place = np.searchsorted(frame.ids, rows[:, 0].astype(np.int64))
        for field_id, name in fields_by_id.items():
            if name != "stage_id":
                mine = rows[:, 1] == field_id
                self._rewind_field(frame, name, place[mine], rows[mine])
        self._rewind_stages(frame, scope, fields_by_id)

    def _get_tracked_fields(self) -> dict[int, str]:
        known = self.env["ir.model.fields"].sudo()
        return {
            known._get_ids("crm.lead")[name]: name
            for name in (
                "stage_id", "user_id", "team_id", "partner_id", "expected_revenue",
                "email_from", "phone", "contact_name", "partner_name",
            )
        }  # fmt: skip

    def _rewind_field(self, frame: Frame, name: str, place, rows):
        """Put back one field: `rows` holds its old values as id, number and flag."""
        columns = frame.columns
        whole, number, is_filled = rows[:, 2], rows[:, 3], rows[:, 4]
        ids = np.where(whole > 0, whole, np.nan)
        if name == "team_id":
            columns[name][place] = ids
        elif name == "user_id":
            columns["_user_id"][place] = np.where(whole > 0, whole, -1.0)
        elif name == "expected_revenue":
            columns[name][place] = np.where(number > 0, number, np.nan)
        elif name == "partner_id":
            # Another client then: nothing of today's is known of it.
            changed = columns["_partner_id"][place] != np.where(whole > 0, whole, -1.0)
            columns["_client_id"][place[changed]] = -1.0
            for fact in ("industry_id", "has_vat", "company_contacts"):
                columns[fact][place[changed]] = np.nan
        else:
            columns[FLAGS[name]][place] = is_filled
            if name == "email_from":
                columns["is_free_mail"][place[is_filled == 0]] = np.nan

    def _rewind_stages(self, frame: Frame, scope: SQL, fields_by_id):
        """Since when a deal was in the stage of its moment.

        Without history the moment of the last change says how it ended: when that is
        so for more than a few won deals, nobody's time in stage is used.
        """
        stage_field = next(i for i, name in fields_by_id.items() if name == "stage_id")
        rows = self._copy_floats(
            SQL(STAGE_SINCE_QUERY, scope=scope, field=stage_field), 3
        )
        columns = frame.columns
        place = np.searchsorted(frame.ids, rows[:, 0].astype(np.int64))
        since = columns["_created"].copy()
        before = ~np.isnan(rows[:, 1])
        since[place[before]] = rows[before, 1]
        has_history = np.zeros(len(frame), dtype=bool)
        has_history[place] = True
        is_won = columns["_stage_is_won"] == 1
        unknown = is_won & ~has_history
        if is_won.any() and unknown.sum() > UNKNOWN_STAGES * is_won.sum():
            since[:] = np.nan
        since[unknown] = np.nan
        columns["_stage_since"] = since

    # === People === #

    def _add_track_records(self, company, frame: Frame, base_rate):
        """Add what sellers and clients had behind them."""
        rows = self._read_deals(company, frame)
        opened, closed, won = rows[:, 3], rows[:, 4], rows[:, 5]
        columns = frame.columns
        rate = USUAL_RATE if base_rate is None else base_rate
        for raw, (who, offset) in RECORD_COLUMNS.items():
            deals = Deals(rows[:, 1 + offset], opened, closed, won)
            record = look_back(deals, columns[raw], frame.as_of)
            if who == "seller":
                base = np.full(len(frame), rate)
                smooth = smooth_rate(record.won, record.closed, base)
                nobody = columns[raw] < 0
                columns["seller_win_rate"] = np.where(nobody, np.nan, smooth)
                columns["seller_load"] = np.where(nobody, np.nan, record.open)
            else:
                columns["client_won"] = record.won
                columns["client_lost"] = record.closed - record.won
                # its own row is among the open ones
                own = (columns[raw] >= 0).astype(np.float64)
                columns["client_open"] = np.maximum(record.open - own, 0.0)

    def _read_deals(self, company, frame: Frame) -> np.ndarray:
        columns = frame.columns
        chosen = SQL("TRUE")
        if len(frame) <= FEW:
            owners = [int(i) for i in np.unique(columns["_user_id"]) if i > 0]
            clients = [int(i) for i in np.unique(columns["_client_id"]) if i > 0]
            chosen = SQL(
                "(lead.user_id = ANY(%s) OR lead.partner_id IN (SELECT id FROM"
                " res_partner WHERE commercial_partner_id = ANY(%s)))",
                owners,
                clients,
            )
        return self._copy_floats(
            SQL(
                DEALS_QUERY,
                company=self._build_company_filter(company),
                chosen=chosen,
            ),
            6,
        )

    # === Tables === #

    @api.model
    def _make_table(self, frame: Frame, names, outcome=None, closed=None) -> Table:
        """Return a table of the trainer from the facts of these names.

        The stage is no column: the trainer has a place of its own for it, as it is for
        open deals and where they were lost for closed ones.
        """
        kinds = {feature.name: feature.kind for feature in self._get_score_features()}
        columns = {
            name: as_keys(frame.columns[name])
            if kinds.get(name, "number") == "category"
            else frame.columns[name]
            for name in names
            if name in frame.columns and name != "stage_id"
        }
        stages = as_keys(frame.columns["stage_id"])
        is_past = outcome is not None
        return Table.build(
            frame.ids,
            columns,
            created=np.floor(frame.columns["_created"] / DAY) + UNIX_DAY,
            stages=None if is_past else stages,
            outcomes=outcome,
            closed=None if closed is None else np.floor(closed / DAY) + UNIX_DAY,
            stages_closed=stages if is_past else None,
        )

    def _find_late_fields(self, past: Frame, outcome, present: Frame) -> list[str]:
        """Return the facts that people fill when a deal ends."""
        late = []
        for feature in self._get_score_features():
            if feature.dated or feature.name not in past.columns:
                continue
            closed = past.columns[feature.name]
            today = present.columns[feature.name]
            if feature.kind == "category":
                found = late_fields.find_late_value(closed, today, outcome) is not None
                closed, today = ~np.isnan(closed), ~np.isnan(today)
            else:
                found = False
                closed, today = closed > 0, today > 0
            if found or late_fields.is_filled_late(closed, today, outcome):
                late.append(feature.name)
        if set(late) & set(COMPLETENESS):
            late.append("completeness")
        return late

    @api.model
    def _get_now(self):
        return fields.Datetime.now()


# date.toordinal() of the first of January 1970
UNIX_DAY = 719_163
FLAGS = {
    "email_from": "has_email",
    "phone": "has_phone",
    "contact_name": "has_contact",
    "partner_name": "has_company",
}
# The first change after the moment holds the value of the moment.
CHANGES_QUERY = """
SELECT DISTINCT ON (scope.lead_id, value.field_id)
       scope.lead_id::float8,
       value.field_id::float8,
       COALESCE(value.old_value_integer, 0)::float8,
       COALESCE(value.old_value_float, 0)::float8,
       (COALESCE(value.old_value_char, '') <> '')::int::float8
  FROM (%(scope)s) scope
  JOIN mail_message message ON message.model = 'crm.lead'
   AND message.res_id = scope.lead_id AND message.date >= scope.as_of
  JOIN mail_tracking_value value ON value.mail_message_id = message.id
   AND value.field_id = ANY(%(fields)s)
 ORDER BY scope.lead_id, value.field_id, message.date, value.id
"""
STAGE_SINCE_QUERY = """
SELECT scope.lead_id::float8,
       COALESCE(EXTRACT(EPOCH FROM
           max(message.date) FILTER (WHERE message.date < scope.as_of)), 'NaN')::float8,
       count(*)::float8
  FROM (%(scope)s) scope
  JOIN mail_message message ON message.model = 'crm.lead'
   AND message.res_id = scope.lead_id
  JOIN mail_tracking_value value ON value.mail_message_id = message.id
   AND value.field_id = %(field)s
 GROUP BY scope.lead_id
"""
DEALS_QUERY = """
SELECT lead.id::float8,
       COALESCE(lead.user_id, -1)::float8,
       COALESCE(partner.commercial_partner_id, -1)::float8,
       EXTRACT(EPOCH FROM lead.create_date)::float8,
       CASE WHEN lead.won_status = 'pending' AND lead.active THEN 'NaN'::float8
            ELSE EXTRACT(EPOCH FROM COALESCE(lead.date_closed, lead.write_date))::float8
            END,
       (lead.won_status = 'won')::int::float8
  FROM crm_lead lead
  LEFT JOIN res_users seller ON seller.id = lead.user_id
  LEFT JOIN res_partner partner ON partner.id = lead.partner_id
 WHERE lead.create_date IS NOT NULL AND %(company)s AND %(chosen)s
"""
