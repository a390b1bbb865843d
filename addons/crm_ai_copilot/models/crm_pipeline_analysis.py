from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.analysis import Client, Deal, Upsell, analyse, from_json, to_json
from ..lib.analysis_words import word_facts
from ..lib.basket import find_associations
from ..lib.questions import KINDS_BY_TOPIC, read_question
from ..lib.results import AnalysisResult

MAX_QUESTION = 300
HISTORY_YEARS = 3
MAX_ORDERS = 20_000
MAX_QUOTES = 40


class CrmPipelineAnalysis(models.Model):
    """A question about the pipeline, answered by facts that code computed.

    The facts are what the person may read, nothing else; a model may only word them.
    """

    _name = "crm.pipeline.analysis"
    _description = "Analysis of the Pipeline"
    _order = "id desc"
    _rec_name = "question"

    question = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    idle_days = fields.Integer(readonly=True)
    facts = fields.Json(readonly=True)
    sentences = fields.Json(readonly=True)
    call_id = fields.Many2one("crm.ai.call", ondelete="set null", readonly=True)
    batch_ids = fields.One2many("crm.follow.up.batch", "analysis_id")

    # === What the page calls === #

    @api.model
    def ask_question(self, question):
        """Answer a question about the pipeline.

        :return dict: ``refusal``, or the analysis as the page shows it
        """
        # A seller's page: whoever may not read deals gets nothing.
        self.env["crm.lead"].check_access("read")
        text = (question or "").strip()[:MAX_QUESTION]
        read = read_question(text or "pipeline", self._get_sellers())
        refusal = self._find_refusal(read)
        if refusal:
            return {"refusal": refusal}
        days = read.days or self.env.company.crm_idle_days or 14
        facts = self._compute_facts(days, read.user_ids)
        kinds = KINDS_BY_TOPIC.get(read.topic)
        if kinds:
            facts = [fact for fact in facts if fact.kind in kinds]
        words = word_facts(facts, self.env.company.currency_id.name)
        # sudo: a person asks, the system keeps what code computed for him
        analysis = self.sudo().create(
            {
                "question": text,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "idle_days": days,
                "facts": [to_json(fact) for fact in facts],
                "sentences": [sentence.model_dump() for sentence in words.sentences],
            }
        )
        mine = analysis.with_env(self.env)
        call = self.env["crm.ai.call"]._ask("copilot.analysis", record=mine, params={})
        analysis.call_id = call.id
        return mine.get_answer()

    def get_answer(self):
        """Return the analysis as the page shows it."""
        self.ensure_one()
        self.check_access("read")
        facts = {fact["id"]: fact for fact in self.facts}
        result = self.call_id._get_result() if self.call_id else None
        sentences = self.sentences
        if isinstance(result, AnalysisResult):
            sentences = [sentence.model_dump() for sentence in result.sentences]
        return {
            "id": self.id,
            "call_id": self.call_id.id,
            "question": self.question or "",
            "idle_days": self.idle_days,
            "facts": list(facts.values()),
            "currency_id": self.currency_id.id,
            "sentences": [
                {
                    "text": sentence["text"],
                    "links": [
                        {"fact": name, "kind": facts[name]["kind"]}
                        for name in sentence["fact_ids"]
                        if name in facts and facts[name]["res_ids"]
                    ],
                }
                for sentence in sentences
            ],
            "can_follow_up": bool(facts.get("idle", {}).get("res_ids")),
        }

    def open_fact(self, fact_id):
        """Return the action that lists the records behind a fact."""
        self.ensure_one()
        self.check_access("read")
        fact = next((fact for fact in self.facts if fact["id"] == fact_id), None)
        if not fact or not fact["res_ids"]:
            raise UserError(self.env._("There is nothing to open."))
        action = {
            "type": "ir.actions.act_window",
            "name": self.question or self.env._("Analysis of the Pipeline"),
            "res_model": fact["model"],
            "domain": [("id", "in", fact["res_ids"])],
            "views": [(False, "list"), (False, "form")],
        }
        if len(fact["res_ids"]) == 1:
            action |= {"res_id": fact["res_ids"][0], "views": [(False, "form")]}
        return action

    def action_follow_up(self):
        """Prepare a follow-up of each idle deal, for review."""
        self.ensure_one()
        self.check_access("read")
        fact = next((fact for fact in self.facts if fact["id"] == "idle"), None)
        leads = self.env["crm.lead"].browse(fact["res_ids"] if fact else [])
        leads = leads.exists()._filtered_access("write")
        if not leads:
            raise UserError(self.env._("There is no idle deal to follow up."))
        batch = self.env["crm.follow.up.batch"]._prepare_for(leads, analysis=self)
        return batch.get_formview_action()

    # === Understanding === #

    @api.model
    def _get_sellers(self):
        # sudo: a question may name a colleague; only his name is looked at
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [("share", "=", False), ("company_ids", "in", self.env.company.ids)]
            )
        )
        return {user.id: user.name or "" for user in users}

    @api.model
    def _find_refusal(self, read):
        """Return the sentence that refuses a question, None when it is answered."""
        if read.elsewhere:
            return self.env._(
                "This page answers questions on the deals you may see. Your question is"
                " about other data: open it where your rights allow it."
            )
        if read.topic == "other":
            return self.env._(
                "I did not understand. Ask for instance: where does the pipeline"
                " stand? Which deals are idle for 30 days? Where does it stick?"
            )
        sees_all = self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        others = set(read.user_ids) - {self.env.uid}
        if not sees_all and (others or read.asks_for_all):
            return self.env._(
                "You may only see your own deals: the data of colleagues is outside"
                " your rights."
            )
        return None

    # === Computing === #

    @api.model
    def _compute_facts(self, days, user_ids=()):
        today = fields.Date.context_today(self)
        leads = self._find_deals(user_ids)
        return analyse(
            self._prepare_deals(leads, today),
            self._prepare_clients(today, user_ids),
            self._prepare_upsells(user_ids),
            today=today,
            idle_days=days,
        )

    @api.model
    def _find_deals(self, user_ids=()):
        domain = [
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
            ("company_id", "in", [False, self.env.company.id]),
        ]
        if user_ids:
            domain.append(("user_id", "in", list(user_ids)))
        return self.env["crm.lead"].search(domain)

    @api.model
    def _prepare_deals(self, leads, today):
        # sudo: the deals are readable; of their messages only days are read, and
        # whether a client was flagged
        leads_sudo = leads.sudo()
        touched = leads_sudo._find_last_touches("date_last_stage_update")
        unhappy = leads_sudo._find_unhappy()
        company = self.env.company

        def amount(lead):
            value = lead.company_currency._convert(
                lead.expected_revenue or 0, company.currency_id, company, today
            )
            return Decimal(str(round(value, 2)))

        return [
            Deal(
                deal_id=lead.id,
                name=lead.name or "",
                amount=amount(lead),
                probability=lead.probability or 0.0,
                stage_id=lead.stage_id.id,
                stage=lead.stage_id.name or "",
                stage_days=self._count_days(lead.date_last_stage_update, today),
                idle_days=(today - touched[lead.id]).days,
                seller=lead.user_id.name or "",
                deadline=lead.date_deadline or None,
                postponed=lead.crm_postponed_count,
                is_unhappy=lead.id in unhappy,
            )
            for lead in leads
        ]

    def _count_days(self, moment, today):
        if not moment:
            return 0
        return (today - fields.Datetime.context_timestamp(self, moment).date()).days

    @api.model
    def _prepare_clients(self, today, user_ids=()):
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return []
        since = today - timedelta(days=365 * HISTORY_YEARS)
        domain = [
            ("state", "=", "sale"),
            ("date_order", ">=", since),
            ("company_id", "=", self.env.company.id),
        ]
        if user_ids:
            domain.append(("user_id", "in", list(user_ids)))
        rows = orders._read_group(
            domain,
            ["partner_id"],
            ["date_order:array_agg", "amount_untaxed:sum"],
            limit=MAX_ORDERS,
        )
        unhappy = set(
            self.env["crm.ai.suggestion"]
            .search([("kind", "=", "mood"), ("state", "=", "accepted")])
            .lead_id.partner_id.commercial_partner_id.ids
        )
        merged = {}
        for partner, moments, total in rows:
            client = partner.commercial_partner_id
            days, amount = merged.get(client, ((), Decimal(0)))
            days += tuple(
                fields.Datetime.context_timestamp(self, moment).date()
                for moment in moments
            )
            merged[client] = (days, amount + Decimal(str(round(total, 2))))
        return [
            Client(
                client.id,
                client.display_name or "",
                tuple(sorted(days)),
                amount,
                client.id in unhappy,
            )
            for client, (days, amount) in merged.items()
        ]

    @api.model
    def _prepare_upsells(self, user_ids=()):
        lines = self.env["sale.order.line"]
        if not lines.has_access("read"):
            return []
        common = lines._get_basket_domain(self.env.company)
        if user_ids:
            common.append(("order_id.user_id", "in", list(user_ids)))
        past = lines._read_group(
            [*common, ("state", "=", "sale")],
            ["order_id"],
            ["product_id:array_agg"],
            limit=MAX_ORDERS,
        )
        baskets = [products for _, products in past]
        opened = lines._read_group(
            [*common, ("state", "in", ("draft", "sent"))],
            ["order_id"],
            ["product_id:array_agg"],
            order="order_id desc",
            limit=MAX_QUOTES,
        )
        found = [
            (order, association)
            for order, products in opened
            for association in find_associations(baskets, products, limit=1)
        ]
        ids = {a.product_id for _, a in found} | {a.because_id for _, a in found}
        products = self.env["product.product"].browse(ids)
        names = {product.id: product.display_name for product in products}
        return [
            Upsell(
                order.id,
                order.name,
                names[association.product_id],
                names[association.because_id],
                association.support,
                association.base,
            )
            for order, association in found
        ]

    def _get_facts(self):
        """Return the stored facts by id, as the pure code reads them."""
        return {data["id"]: from_json(data) for data in self.facts}

    @api.autovacuum
    def _gc_analyses(self):
        """Forget the analyses of a month ago; the register keeps its figures."""
        limit = fields.Datetime.now() - timedelta(days=30)
        self.search([("create_date", "<", limit)], limit=1000).unlink()
