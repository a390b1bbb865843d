from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.crm_integrations.row_lock import jobs_come_back, try_take_rows

from ..lib.next_action import DealState, propose
from ..lib.promises import find_open_promise
from .crm_next_action import OPEN_STATES

BATCH = 200
# How long an answer of a person keeps a rule quiet.
QUIET_DAYS = {"accepted": 7, "dismissed": 30}
CONTACT_CATEGORIES = ("phonecall", "meeting")


class Chance(NamedTuple):
    """How probable it is that a deal is won, in percent, and who says so."""

    points: float
    source: str


class CrmLead(models.Model):
    """The next steps of a deal: what the rules look at, and when they look."""

    _inherit = "crm.lead"

    def _get_deal_chances(self):
        """Return the `Chance` of each deal, by id; a hook for scores of others."""
        return {lead.id: Chance(lead.probability or 0.0, "odoo") for lead in self}

    def _get_quote_reads(self, orders):
        """Return how often clients read each quotation, by id; a hook."""
        return {}

    # === Reading === #

    def _prepare_deal_states(self, chances, moves):
        """Return what the rules look at, by id of the deal. Runs as the system.

        :param chances: the `Chance` of each deal, by id
        :param moves: points by which it moved, by id; deals without a move are left out
        """
        today = fields.Date.context_today(self)
        exchanges = self._find_exchanges()
        visits = self._find_last_visits()
        quotes = self._find_quote_states(today)
        unhappy = self._find_unhappy()
        states = {}
        for lead in self:
            spoken = exchanges[lead.id]
            visit_day, visit_result = visits.get(lead.id, (None, ""))
            last = next((e for e in spoken if e.direction != "note"), None)
            touched = [day for day in (last and last.day, visit_day) if day]
            touched = touched or [lead.create_date.date()]
            promise = find_open_promise(spoken, today)
            staged = lead.date_last_stage_update or lead.create_date
            states[lead.id] = DealState(
                today=today,
                deal=lead.name or "",
                stage_id=lead.stage_id.id,
                amount=Decimal(str(round(lead.expected_revenue or 0, 2))),
                currency=lead.company_currency.name or "EUR",
                probability=chances[lead.id].points,
                silence_days=(today - max(touched)).days,
                stage_days=(today - staged.date()).days,
                last_direction=last.direction if last else "none",
                activity_state=self._get_activity_state(lead, today),
                visit_days=(today - visit_day).days if visit_day else None,
                visit_result=visit_result,
                promise_days=(today - promise.due_on).days if promise else None,
                promise=promise.text[:120] if promise else "",
                score_change=moves.get(lead.id, 0.0),
                deadline_days=(
                    (lead.date_deadline - today).days if lead.date_deadline else None
                ),
                is_unhappy=lead.id in unhappy,
                **quotes[lead.id],
            )
        return states

    @staticmethod
    def _get_activity_state(lead, today):
        deadline = lead.activity_date_deadline
        if not deadline:
            return "none"
        return "overdue" if deadline < today else "planned"

    def _find_last_visits(self):
        """Return the day and result of the last visit or call, by id of the deal."""
        activities = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("active", "=", False),
                    "|",
                    ("crm_visit_result", "!=", False),
                    ("activity_type_id.category", "in", CONTACT_CATEGORIES),
                ],
                order="date_done, id",
            )
        )
        return {
            activity.res_id: (activity.date_done, activity.crm_visit_result or "")
            for activity in activities
            if activity.date_done
        }

    def _find_quote_states(self, today):
        """Return the state of the quotation that matters most, by id of the deal."""
        sent_days = self.order_ids._find_sent_days()
        reads = self._get_quote_reads(self.order_ids)
        found = {}
        for lead in self:
            order, state = self._pick_quote(lead.order_ids, today)
            found[lead.id] = {"quote_state": state}
            if order:
                sent_on = sent_days.get(order.id) or order.create_date.date()
                found[lead.id] |= {
                    "quote_name": order.name,
                    "quote_days": (today - sent_on).days,
                    "quote_reads": reads.get(order.id, 0),
                }
        return found

    @api.model
    def _pick_quote(self, orders, today):
        """Return the quotation that matters most, the last of equals, and its state."""
        best, state, rank = orders.browse(), "none", -1
        for order in orders.sorted("id"):
            found, place = self._rate_quote(order, today)
            if place >= rank:
                best, state, rank = order, found, place
        return best, state

    def _open_quote_to_make(self):
        """Open the quotation to finish or to renew, else a new one."""
        self.ensure_one()
        orders = self.order_ids._filtered_access("read")
        order, state = self._pick_quote(orders, fields.Date.context_today(self))
        if state in ("draft", "expired"):
            return order.get_formview_action()
        return self.action_sale_quotations_new()

    @staticmethod
    def _rate_quote(order, today):
        if order.state == "sent":
            expired = order.validity_date and order.validity_date < today
            return ("expired", 2) if expired else ("sent", 4)
        if order.state == "sale":
            return "accepted", 1
        return ("draft", 3) if order.state == "draft" else ("none", -1)

    def _find_unhappy(self):
        """Return the ids of the deals whose client was flagged as unhappy."""
        return set(
            self.env["crm.ai.suggestion"]
            .search(
                [
                    ("lead_id", "in", self.ids),
                    ("kind", "=", "mood"),
                    ("state", "!=", "dismissed"),
                ]
            )
            .lead_id.ids
        )

    # === Proposing === #

    def _refresh_next_actions(self):
        """Bring the stored proposals in line with the rules, now."""
        # sudo: proposals are the system's; who reads them is decided by the deal
        self.sudo().with_context(active_test=False)._store_next_actions()

    def _store_next_actions(self):
        actions = self.env["crm.next.action"]
        open_leads = self.filtered(
            lambda lead: (
                lead.active
                and lead.type == "opportunity"
                and lead.won_status == "pending"
            )
        )
        opened = actions.search(
            [("lead_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        ended = opened.filtered(lambda action: action.lead_id not in open_leads)
        if ended:
            ended.write({"state": "expired", "is_best": False})
        if not open_leads:
            return
        chances = open_leads._get_deal_chances()
        pulses = self.env["crm.deal.pulse"]._start(open_leads, chances)
        rules = self._find_rules()
        quiet = open_leads._find_quiet_rules()
        typical = self._get_typical_amounts()
        by_lead = opened.grouped("lead_id")
        to_create = []
        states = open_leads._prepare_deal_states(chances, pulses._get_moves(chances))
        for lead_id, state in states.items():
            lead = self.browse(lead_id)
            candidates = propose(
                state,
                [
                    rule
                    for company_id, rule in rules
                    if company_id in (False, lead.company_id.id)
                ],
                typical_amount=typical.get(lead.company_id.id, Decimal(0)),
                closed_rules=quiet[lead_id],
            )
            to_create += actions._keep_proposals(
                lead_id, candidates, by_lead.get(lead, actions)
            )
        actions.create(to_create)
        pulses._follow(chances)

    def _find_rules(self):
        rules = self.env["crm.next.action.rule"].with_context(active_test=True)
        return [(rule.company_id.id, rule._prepare_rule()) for rule in rules.search([])]

    def _find_quiet_rules(self):
        """Return the rules a person answered lately, by id of the deal."""
        now, today = fields.Datetime.now(), fields.Date.context_today(self)
        rows = self.env["crm.next.action"].search(
            [
                ("lead_id", "in", self.ids),
                "|",
                ("decided_at", ">=", now - timedelta(days=max(QUIET_DAYS.values()))),
                ("snoozed_until", ">", today),
            ]
        )
        quiet = defaultdict(frozenset)
        for row in rows:
            if row.state == "snoozed":
                is_quiet = bool(row.snoozed_until and row.snoozed_until > today)
            else:
                days = QUIET_DAYS.get(row.state, 0)
                is_quiet = row.decided_at >= now - timedelta(days=days)
            if is_quiet:
                quiet[row.lead_id.id] |= {row.rule_id.id}
        return quiet

    @api.model
    def _get_typical_amounts(self):
        """Return the median amount of open deals, by id of the company."""
        amounts = defaultdict(list)
        for company, listed in self._read_group(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("active", "=", True),
                ("expected_revenue", ">", 0),
            ],
            ["company_id"],
            ["expected_revenue:array_agg"],
        ):
            amounts[company.id] += listed
        return {
            company_id: Decimal(str(round(median(listed), 2)))
            for company_id, listed in amounts.items()
        }

    # === When === #

    def _request_next_actions(self):
        """Have the proposals refreshed by a job, once for all changes until then."""
        ids = tuple(sorted(self.ids))
        if not ids or self.env.context.get("crm_ai_copilot_no_refresh"):
            return
        pending = self.env.cr.precommit.data.setdefault("crm_ai_copilot.leads", set())
        if not pending:
            self.env.cr.precommit.add(self._delay_refresh)
        pending.update(ids)

    def _delay_refresh(self):
        pending = self.env.cr.precommit.data.pop("crm_ai_copilot.leads", set())
        leads = self.env["crm.lead"].sudo()
        for ids in split_every(BATCH, sorted(pending)):
            key = f"crm_next_action:{','.join(map(str, ids))}"
            leads.browse(ids).with_delay(identity_key=key)._job_refresh_next_actions()

    def _job_refresh_next_actions(self):
        with jobs_come_back():
            leads = self.exists()
            pulses = self.env["crm.deal.pulse"]._find(leads)
            if pulses and not try_take_rows(pulses):
                leads._request_next_actions()
                return
            leads._refresh_next_actions()

    @api.model
    def _cron_refresh_next_actions(self):
        """Time alone changes what should be done: every open deal, once a day."""
        self.env["crm.next.action.rule"]._learn_gains()
        leads = self.search(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("active", "=", True),
            ]
        )
        for ids in split_every(BATCH, leads.ids):
            key = f"crm_next_action:{','.join(map(str, ids))}"
            self.browse(ids).with_delay(identity_key=key)._job_refresh_next_actions()
