import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..lib.catalogue import Feature, Fragment
from ..lib.frame import Frame

# Seconds of a day and an hour.
DAY, HOUR = 86_400.0, 3_600.0


def counted(name, label, fact, unit="", advice="", target=None) -> Feature:
    """A number that was told with its date: messages, calls, meetings."""
    return Feature(name, "number", label, fact, unit, advice=advice, target=target)


class CrmScoreFeatures(models.AbstractModel):
    """The facts a score rests on: what they are called and how they are read.

    Everything is read in columns, by a handful of queries however many deals, and as of
    a moment: for an open deal now, for a closed one a moment of its life before its
    end. Another addon adds facts by extending `_get_score_features` and
    `_get_score_fragments`, and `_derive_score_columns` when arithmetic is needed.
    """

    _name = "crm.score.features"
    _description = "Facts of a Score"

    @api.model
    def _get_score_features(self) -> list[Feature]:
        """Return the catalogue, in the language of the environment."""
        return [
            *self._get_origin_features(),
            *self._get_deal_features(),
            *self._get_completeness_features(),
            *self._get_message_features(),
            *self._get_meeting_features(),
            *self._get_people_features(),
        ]

    def _get_origin_features(self):

        def category(name, label, comodel, **more):
            return Feature(name, "category", label, name, comodel=comodel, **more)

        return [
            category("source_id", self.env._("Source"), "utm.source", dated=False),
            category("medium_id", self.env._("Medium"), "utm.medium", dated=False),
            category(
                "campaign_id", self.env._("Campaign"), "utm.campaign", dated=False
            ),
            category("country_id", self.env._("Country"), "res.country", dated=False),
            Feature(
                "industry_id",
                "category",
                self.env._("Sector of the client"),
                "partner_id",
                comodel="res.partner.industry",
                dated=False,
            ),
            category("team_id", self.env._("Sales team"), "crm.team"),
        ]

    def _get_deal_features(self):
        return [
            Feature(
                "stage_id",
                "category",
                self.env._("Stage"),
                "stages",
                comodel="crm.stage",
            ),
            Feature(
                "stage_days",
                "number",
                self.env._("Time in this stage"),
                "stages",
                "days",
            ),
            Feature(
                "age_days",
                "number",
                self.env._("Age of the deal"),
                "create_date",
                "days",
            ),
            Feature(
                "is_opportunity",
                "flag",
                self.env._("Qualified as an opportunity"),
                "stages",
            ),
            Feature(
                "expected_revenue",
                "number",
                self.env._("Expected revenue"),
                "expected_revenue",
                "money",
                advice=self.env._("Agree on an amount with the client and note it"),
            ),
            Feature(
                "has_recurring_revenue",
                "flag",
                self.env._("Recurring revenue"),
                "recurring_revenue",
                dated=False,
            ),
            Feature("priority", "number", self.env._("Stars"), "priority", dated=False),
        ]

    def _get_completeness_features(self):

        def flag(name, label, fact, advice="", **more):
            target = 1.0 if advice else None
            return Feature(
                name, "flag", label, fact, advice=advice, target=target, **more
            )

        return [
            flag(
                "has_email",
                self.env._("Email known"),
                "email_from",
                self.env._("Ask for the email"),
            ),
            flag(
                "has_phone",
                self.env._("Phone known"),
                "phone",
                self.env._("Ask for a phone number"),
            ),
            flag("has_contact", self.env._("Contact named"), "contact_name"),
            flag("has_company", self.env._("Company named"), "partner_name"),
            flag("has_function", self.env._("Position known"), "function", dated=False),
            flag("has_website", self.env._("Website known"), "website", dated=False),
            flag("has_address", self.env._("Address known"), "city", dated=False),
            flag(
                "has_description",
                self.env._("Need described"),
                "description",
                dated=False,
            ),
            Feature(
                "completeness", "number", self.env._("Fields filled in (of 8)"), ""
            ),
            flag(
                "is_free_mail",
                self.env._("Personal mailbox (gmail, orange)"),
                "email_from",
            ),
            flag("has_vat", self.env._("VAT number known"), "partner_id", dated=False),
            Feature(
                "company_contacts",
                "number",
                self.env._("Contacts known at the client"),
                "partner_id",
            ),
        ]

    def _get_message_features(self):
        write = self.env._("Write to the client")
        return [
            counted("mails_in", self.env._("Messages from the client"), "mails"),
            counted(
                "mails_in_30d",
                self.env._("Messages from the client in 30 days"),
                "mails",
            ),
            counted(
                "last_in_days",
                self.env._("Last message from the client"),
                "mails",
                "days",
            ),
            counted("mails_out", self.env._("Messages to the client"), "mails"),
            counted(
                "mails_out_30d",
                self.env._("Messages to the client in 30 days"),
                "mails",
            ),
            counted(
                "last_out_days",
                self.env._("Last message to the client"),
                "mails",
                "days",
                write,
                0.0,
            ),
            counted(
                "response_hours", self.env._("Our first answer came"), "mails", "hours"
            ),
            counted("notes", self.env._("Internal notes"), "notes"),
        ]

    def _get_meeting_features(self):
        return [
            counted(
                "calls",
                self.env._("Calls made"),
                "calls",
                "",
                self.env._("Call the client"),
                1.0,
            ),
            counted("last_call_days", self.env._("Last call"), "calls", "days"),
            counted("meetings_held", self.env._("Meetings held"), "meetings"),
            counted(
                "last_meeting_days", self.env._("Last meeting"), "meetings", "days"
            ),
            counted(
                "meetings_planned",
                self.env._("Meetings to come"),
                "meetings",
                "",
                self.env._("Agree on a meeting"),
                1.0,
            ),
            # Odoo deletes the activities of a lost deal and keeps those of a won one:
            # a model would learn the outcome from them.
            Feature(
                "activities_planned",
                "number",
                self.env._("Activities to come"),
                "activities",
                learns=False,
            ),
            Feature(
                "activities_late",
                "number",
                self.env._("Late activities"),
                "activities",
                learns=False,
            ),
        ]

    def _get_people_features(self):
        return [
            Feature(
                "has_seller", "flag", self.env._("Salesperson assigned"), "user_id"
            ),
            Feature(
                "seller_win_rate",
                "number",
                self.env._("Usual success of the salesperson"),
                "seller",
                "share",
            ),
            Feature(
                "seller_load",
                "number",
                self.env._("Open deals of the salesperson"),
                "seller",
            ),
            Feature(
                "client_won",
                "number",
                self.env._("Deals won with this client"),
                "client",
            ),
            Feature(
                "client_lost",
                "number",
                self.env._("Deals lost with this client"),
                "client",
            ),
            Feature(
                "client_open",
                "number",
                self.env._("Open deals with this client"),
                "client",
            ),
        ]

    # === Columns === #

    @api.model
    def _get_score_fragments(self) -> list[Fragment]:
        """Return the queries that read the columns; names with `_` are raw material."""
        return [
            Fragment(DEAL_COLUMNS, self._build_deal_query, float("nan")),
            Fragment(MAIL_COLUMNS, self._build_mail_query),
            Fragment(MEETING_COLUMNS, self._build_meeting_query),
            Fragment(("activities_planned", "activities_late"), self._build_activity),
        ]

    def _build_deal_query(self, scope: SQL) -> SQL:
        return SQL(DEAL_QUERY, scope=scope)

    def _build_mail_query(self, scope: SQL) -> SQL:
        return SQL(
            MAIL_QUERY,
            scope=scope,
            note=self.env.ref("mail.mt_note").id,
        )

    def _build_meeting_query(self, scope: SQL) -> SQL:
        return SQL(MEETING_QUERY, scope=scope)

    def _build_activity(self, scope: SQL) -> SQL:
        return SQL(ACTIVITY_QUERY, scope=scope)

    # === Arithmetic === #

    @api.model
    def _derive_score_columns(self, frame: Frame):
        """Add the facts that are computed from raw columns; others may add theirs."""
        columns = frame.columns
        for name, raw in (
            ("age_days", "_created"),
            ("stage_days", "_stage_since"),
            ("last_in_days", "_last_in"),
            ("last_out_days", "_last_out"),
            ("last_call_days", "_last_call"),
            ("last_meeting_days", "_last_meeting"),
        ):
            columns[name] = np.maximum((frame.as_of - columns[raw]) / DAY, 0.0)
        asked = np.where(
            np.isnan(columns["_first_in"]), columns["_created"], columns["_first_in"]
        )
        waited = (columns["_answered"] - asked) / HOUR
        columns["response_hours"] = np.maximum(waited, 0.0)
        columns["has_seller"] = (columns["_user_id"] > 0).astype(np.float64)
        columns["completeness"] = sum(columns[name] for name in COMPLETENESS)


COMPLETENESS = (
    "has_email", "has_phone", "has_contact", "has_company", "has_function",
    "has_website", "has_address", "has_description",
)  # fmt: skip
DEAL_COLUMNS = (
    "source_id", "medium_id", "campaign_id", "country_id", "industry_id", "team_id",
    "stage_id", "_stage_is_won", "_user_id", "_partner_id", "_client_id", "_created",
    "_stage_since", "is_opportunity", "expected_revenue", "has_recurring_revenue",
    "priority", "has_email", "has_phone", "has_contact", "has_company", "has_function",
    "has_website", "has_address", "has_description", "is_free_mail", "has_vat",
    "company_contacts",
)  # fmt: skip
DEAL_QUERY = """
SELECT scope.lead_id::float8,
       COALESCE(lead.source_id, 'NaN'::float8),
       COALESCE(lead.medium_id, 'NaN'::float8),
       COALESCE(lead.campaign_id, 'NaN'::float8),
       COALESCE(lead.country_id, 'NaN'::float8),
       COALESCE(client.industry_id, 'NaN'::float8),
       COALESCE(lead.team_id, 'NaN'::float8),
       COALESCE(lead.stage_id, 'NaN'::float8),
       (stage.is_won IS TRUE)::int::float8,
       COALESCE(lead.user_id, -1)::float8,
       COALESCE(lead.partner_id, -1)::float8,
       COALESCE(partner.commercial_partner_id, -1)::float8,
       EXTRACT(EPOCH FROM lead.create_date)::float8,
       EXTRACT(EPOCH FROM COALESCE(lead.date_last_stage_update, lead.create_date))
           ::float8,
       (lead.type = 'opportunity' AND (lead.date_conversion IS NULL
           OR lead.date_conversion < scope.as_of))::int::float8,
       COALESCE(NULLIF(lead.expected_revenue, 0)::float8, 'NaN'::float8),
       (COALESCE(lead.recurring_revenue, 0) > 0)::int::float8,
       COALESCE(lead.priority::int, 0)::float8,
       (COALESCE(lead.email_from, '') <> '')::int::float8,
       (COALESCE(lead.phone, '') <> '')::int::float8,
       (COALESCE(lead.contact_name, '') <> '')::int::float8,
       (COALESCE(lead.partner_name, '') <> '')::int::float8,
       (COALESCE(lead.function, '') <> '')::int::float8,
       (COALESCE(lead.website, '') <> '')::int::float8,
       (COALESCE(lead.city, lead.zip, '') <> '')::int::float8,
       (length(COALESCE(lead.description, '')) > 20)::int::float8,
       CASE WHEN lead.email_normalized IS NULL THEN 'NaN'::float8
            ELSE (lead.email_domain_criterion = lead.email_normalized)::int::float8 END,
       CASE WHEN client.id IS NULL THEN 'NaN'::float8
            ELSE (COALESCE(client.vat, '') NOT IN ('', '/'))::int::float8 END,
       CASE WHEN client.id IS NULL THEN 'NaN'::float8
            ELSE (SELECT count(*) FROM res_partner child
                   WHERE child.parent_id = client.id AND child.active
                     AND child.create_date < scope.as_of)::float8 END
  FROM (%(scope)s) scope
  JOIN crm_lead lead ON lead.id = scope.lead_id
  LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
  LEFT JOIN res_partner partner ON partner.id = lead.partner_id
  LEFT JOIN res_partner client ON client.id = partner.commercial_partner_id
"""

MAIL_COLUMNS = (
    "mails_in", "mails_in_30d", "_first_in", "_last_in", "mails_out", "mails_out_30d",
    "_first_out", "_last_out", "_answered", "notes", "calls", "_last_call",
)  # fmt: skip
# Mails of the gateway and messages of people; what Odoo logs by itself (stage changes,
# "deal won") is of type notification and never counted, except done calls.
MAIL_QUERY = """
SELECT lead_id::float8,
       count(*) FILTER (WHERE kind = 'in')::float8,
       count(*) FILTER (WHERE kind = 'in' AND date >= as_of - interval '30 days')
           ::float8,
       COALESCE(EXTRACT(EPOCH FROM min(date) FILTER (WHERE kind = 'in')), 'NaN')
           ::float8,
       COALESCE(EXTRACT(EPOCH FROM max(date) FILTER (WHERE kind = 'in')), 'NaN')
           ::float8,
       count(*) FILTER (WHERE kind = 'out')::float8,
       count(*) FILTER (WHERE kind = 'out' AND date >= as_of - interval '30 days')
           ::float8,
       COALESCE(EXTRACT(EPOCH FROM min(date) FILTER (WHERE kind = 'out')), 'NaN')
           ::float8,
       COALESCE(EXTRACT(EPOCH FROM max(date) FILTER (WHERE kind = 'out')), 'NaN')
           ::float8,
       COALESCE(EXTRACT(EPOCH FROM
           min(date) FILTER (WHERE kind IN ('out', 'call'))), 'NaN')::float8,
       count(*) FILTER (WHERE kind = 'note')::float8,
       count(*) FILTER (WHERE kind = 'call')::float8,
       COALESCE(EXTRACT(EPOCH FROM max(date) FILTER (WHERE kind = 'call')), 'NaN')
           ::float8
  FROM (
    SELECT scope.lead_id, scope.as_of, message.date,
           CASE WHEN message.mail_activity_type_id IS NOT NULL THEN
                     CASE WHEN activity_type.category = 'phonecall' THEN 'call' END
                WHEN message.message_type NOT IN ('email', 'comment',
                     'email_outgoing', 'sms', 'whatsapp_message') THEN NULL
                WHEN message.author_id IN (SELECT partner_id FROM res_users
                                            WHERE NOT share) THEN
                     CASE WHEN message.is_internal OR message.subtype_id = %(note)s
                          THEN 'note' ELSE 'out' END
                WHEN message.is_internal THEN NULL
                WHEN message.message_type IN ('email_outgoing', 'sms') THEN 'out'
                ELSE 'in' END AS kind
      FROM (%(scope)s) scope
      JOIN mail_message message ON message.model = 'crm.lead'
       AND message.res_id = scope.lead_id AND message.date < scope.as_of
      LEFT JOIN mail_activity_type activity_type
        ON activity_type.id = message.mail_activity_type_id
  ) AS told
 WHERE kind IS NOT NULL
 GROUP BY lead_id
"""

MEETING_COLUMNS = ("meetings_held", "_last_meeting", "meetings_planned")
MEETING_QUERY = """
SELECT scope.lead_id::float8,
       count(*) FILTER (WHERE event.start < scope.as_of)::float8,
       COALESCE(EXTRACT(EPOCH FROM
           max(event.start) FILTER (WHERE event.start < scope.as_of)), 'NaN')::float8,
       count(*) FILTER (WHERE event.start >= scope.as_of)::float8
  FROM (%(scope)s) scope
  JOIN calendar_event event ON event.opportunity_id = scope.lead_id
   AND event.active AND event.create_date < scope.as_of
 GROUP BY scope.lead_id
"""

ACTIVITY_QUERY = """
SELECT scope.lead_id::float8,
       count(*)::float8,
       count(*) FILTER (WHERE activity.date_deadline < scope.as_of::date)::float8
  FROM (%(scope)s) scope
  JOIN mail_activity activity ON activity.res_model = 'crm.lead'
   AND activity.res_id = scope.lead_id AND activity.active
   AND activity.create_date < scope.as_of
 GROUP BY scope.lead_id
"""
