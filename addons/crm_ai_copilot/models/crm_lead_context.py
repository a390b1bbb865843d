from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import html2plaintext

from odoo.addons.crm_ai.models.mail_thread import EXCHANGED

from ..lib.facts import MAX_EXCHANGES, DealContext, Exchange, Meeting

# How far back messages are read for a deal.
HISTORY_DAYS = 180
# Read of deals, clients and companies; their other columns, a hundred, are not.
_DEAL = (
    "name", "stage_id", "partner_id", "contact_name", "partner_name", "company_id",
    "expected_revenue", "date_deadline", "create_date", "email_normalized", "phone",
)  # fmt: skip
_CARD = ("name", "is_company", "commercial_partner_id", "email_normalized", "phone")
_COMPANY_CARD = ("name", "email", "phone", "partner_id", "parent_path", "currency_id")
# Messages read beyond those wanted: some have no text.
_SPARE = 10


class CrmLead(models.Model):
    """What is known of a deal, as facts for drafts."""

    _inherit = "crm.lead"

    def _prepare_deal_context(self) -> DealContext:
        """Return all that a draft about this deal may state, as the user sees it."""
        self.ensure_one()
        self.fetch(_DEAL)
        today = fields.Date.context_today(self)
        user, company = self.env.user, self.company_id or self.env.company
        company.sudo().fetch(_COMPANY_CARD)
        (user.partner_id | self.partner_id).fetch(_CARD)
        client, contact = self._get_client_names()
        return DealContext(
            today=today,
            deal=self.name or "",
            seller=user.name,
            seller_company=company.name,
            stage=self.stage_id.name or "",
            client=client,
            contact=contact,
            amount=self._money(self.expected_revenue),
            currency=self.company_currency.name or "EUR",
            deadline=self.date_deadline or None,
            created_on=self.create_date.date() if self.create_date else None,
            quotes=tuple(self._get_draft_orders()._prepare_quote_facts()),
            exchanges=tuple(self._find_exchanges(user, MAX_EXCHANGES)[self.id]),
            meetings=tuple(self._prepare_meetings()),
            contacts=tuple(self._get_own_contacts(company)),
        )

    def _get_client_names(self):
        """Return the name of the client's company and of the person we write to."""
        partner = self.partner_id
        partner.commercial_partner_id.fetch(_CARD)
        contact = self.contact_name or ("" if partner.is_company else partner.name)
        company = partner.commercial_partner_id
        client = company.name if company.is_company else self.partner_name
        return client or "", contact or ""

    def _get_own_contacts(self, company):
        """Return the addresses and numbers that a draft may hold."""
        company.partner_id.sudo().fetch(["website"])
        values = [
            self.email_normalized,
            self.phone,
            self.partner_id.email_normalized,
            self.partner_id.phone,
            self.env.user.email_normalized,
            self.env.user.phone,
            company.email,
            company.phone,
            company.website,
        ]
        return [value for value in values if value]

    @staticmethod
    def _money(amount):
        return Decimal(str(round(amount, 2))) if amount else None

    def _prepare_meetings(self):
        start = fields.Datetime.now() - timedelta(days=HISTORY_DAYS)
        meetings = self.env["calendar.event"].search_fetch(
            [("opportunity_id", "=", self.id), ("start", ">=", start)],
            ["name", "start"],
            order="start desc",
            limit=6,
        )
        return [
            Meeting(
                meeting.name or "",
                fields.Datetime.context_timestamp(meeting, meeting.start).replace(
                    tzinfo=None
                ),
            )
            for meeting in meetings
        ]

    def _find_exchanges(self, reader=None, most=50):
        """Return the messages and notes of each deal, newest first.

        :param reader: messages are read with this user's rights; None for the system,
            whose results are shown to those only who may read the deal
        :param most: exchanges wanted of a deal
        """
        since = fields.Datetime.now() - timedelta(days=HISTORY_DAYS)
        messages = self.env["mail.message"]
        messages = messages.with_user(reader) if reader else messages.sudo()
        found = messages.search_fetch(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("date", ">=", since),
                "|",
                ("message_type", "in", EXCHANGED),
                ("mail_activity_type_id", "!=", False),
            ],
            ["res_id", "date", "body", "author_id", "message_type", "subtype_id"],
            order="date desc, id desc",
            limit=(most + _SPARE) * len(self.ids) or 1,
        )
        exchanges = defaultdict(list)
        for message in found:
            if len(exchanges[message.res_id]) >= most:
                continue
            # sudo: the name and kind of an author are no secret of his card
            author = message.sudo().author_id
            text = html2plaintext(message.body or "").strip()
            if text:
                exchanges[message.res_id].append(
                    Exchange(
                        fields.Datetime.context_timestamp(self, message.date).date(),
                        message._get_exchange_direction(),
                        author.name or message.sudo().email_from or "",
                        text,
                    )
                )
        return exchanges
