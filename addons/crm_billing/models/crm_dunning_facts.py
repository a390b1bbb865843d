from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import email_normalize

from ..lib.dunning_facts import Action, Client, Item
from ..lib.late_interest import LateInterest
from .crm_dunning_line import REACHED_STATES


class Due(NamedTuple):
    """Amounts of one thing due, in the currency of the document."""

    date_due: object
    total: float
    residual: float
    residual_company: float


class MessageFacts(NamedTuple):
    """What the rows of messages need beside the decisions, by key of item."""

    dues: dict
    recipients: dict
    late: dict


class CrmDunningEngine(models.AbstractModel):
    """Reads what the rules need, with a number of queries that does not grow.

    The key of an item is (invoice, instalment or 0, rank of the due date or 0).
    """

    _inherit = "crm.dunning.engine"

    def _read_items(self, company, moves, today):
        """Return {policy: [Item]} for documents of one company."""
        engine = self.sudo().with_company(company)
        moves = moves.sudo().with_company(company)
        dues = engine._get_dues(moves)
        moves |= self.env["account.move"].sudo().browse(key[0] for key in dues)
        clients = engine._read_clients(company, moves)
        recorded = engine._read_recorded(dues)
        blocks = moves._get_dunning_blocks()
        paid_on = engine._read_part_payments(moves)
        usual = company.sudo()._get_dunning_policy()
        # Of one recordset, so that what is read for one is read for all.
        by_id = {move.id: move for move in moves}
        items = defaultdict(list)
        for key, due in dues.items():
            move = by_id[key[0]]
            partner = move.commercial_partner_id
            own = partner.dunning_policy_id
            policy = own if own.active else usual
            steps = recorded.get(key, ())
            limit = move._get_claim_limit_date()
            held = blocks.get(move.id, ())
            items[policy].append(
                Item(
                    key=key,
                    client=clients[partner.id],
                    date_due=due.date_due,
                    residual=Decimal(str(due.residual)),
                    residual_company=Decimal(str(due.residual_company)),
                    is_posted=move.state == "posted",
                    recorded=frozenset(offset for _step, offset in steps),
                    recorded_keys=frozenset(step for step, _offset in steps),
                    blocks=tuple(held),
                    last_paid_on=paid_on.get(move.id),
                    barred_from=limit + timedelta(days=1) if limit else None,
                    promise_broken=any(
                        b.kind == "promise" and not b.holds(today) for b in held
                    ),
                )
            )
        return items

    # === What is due === #

    def _get_dues(self, moves):
        """Return {key: Due}: an invoice, each of its due dates, or instalments.

        Instalments of a running plan take the place of its invoices.
        """
        planned = moves.filtered("instalment_plan_id")
        dues = self._get_instalment_dues(planned.instalment_plan_id)
        alone = moves - planned
        terms = defaultdict(list)
        groups = self.env["account.move.line"]._read_group(
            [("move_id", "in", alone.ids), ("display_type", "=", "payment_term")],
            ["move_id", "date_maturity:day"],
            [
                "amount_currency:sum",
                "amount_residual_currency:sum",
                "amount_residual:sum",
            ],
            order="move_id, date_maturity:day",
        )
        for move, day, total, residual, residual_company in groups:
            day = day or move.invoice_date_due or move.invoice_date or move.date
            terms[move.id].append(Due(day, total, residual, residual_company))
        for move in alone:
            found = terms.get(move.id, [])
            for rank, due in enumerate(found, start=1):
                is_open = not move.currency_id.is_zero(due.residual)
                if len(found) == 1 or is_open:
                    dues[move.id, 0, rank if len(found) > 1 else 0] = due
        return dues

    def _get_instalment_dues(self, plans):
        dues = {}
        for instalment in plans.instalment_ids:
            plan = instalment.plan_id
            if not instalment.amount_residual:
                continue
            open_moves = plan.move_ids.filtered("amount_residual")
            move = (open_moves or plan.move_ids).sorted(
                lambda m: (m.invoice_date_due or m.date, m.id)
            )[:1]
            # As it stands in the books: no rate of the day is ever needed.
            share = instalment.amount_residual / (move.amount_total or 1)
            dues[move.id, instalment.id, 0] = Due(
                instalment.date_due,
                instalment.amount,
                instalment.amount_residual,
                abs(move.amount_total_signed) * share,
            )
        return dues

    # === What was done === #

    def _read_recorded(self, dues):
        """Return {key: [(step id, offset)]} of the steps that were not withdrawn."""
        move_ids = [key[0] for key in dues if not key[1]]
        instalment_ids = [key[1] for key in dues if key[1]]
        rows = self.env["crm.dunning.line"].search_read(
            [
                ("state", "!=", "cancelled"),
                "|",
                ("instalment_id", "in", instalment_ids),
                "&",
                ("move_id", "in", move_ids),
                ("instalment_id", "=", False),
            ],
            ["move_id", "instalment_id", "term", "step_id", "offset_days"],
            load=None,
        )
        recorded = defaultdict(list)
        owners = {key[1]: key for key in dues if key[1]}
        for row in rows:
            instalment_id = row["instalment_id"]
            key = owners.get(instalment_id) or (row["move_id"], 0, row["term"])
            recorded[key].append((row["step_id"], row["offset_days"]))
        return recorded

    def _read_part_payments(self, moves):
        """Return {move id: day of its last part payment}."""
        part = moves.filtered(lambda move: move.payment_state == "partial")
        groups = self.env["account.partial.reconcile"]._read_group(
            [("debit_move_id.move_id", "in", part.ids)],
            ["debit_move_id"],
            ["max_date:max"],
        )
        days = {}
        for line, day in groups:
            move_id = line.move_id.id
            days[move_id] = max(day, days.get(move_id, day))
        return days

    # === Whom it goes to === #

    def _read_clients(self, company, moves):
        """Return {commercial partner id: Client}."""
        partners = moves.commercial_partner_id
        last_on = dict(
            self.env["crm.dunning.line"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", partners.ids),
                    ("state", "in", REACHED_STATES),
                ],
                ["partner_id"],
                ["date:max"],
            )
        )
        return {
            partner.id: self._prepare_client(
                partner, recipient, last_on.get(partner) or None
            )
            for partner, recipient in self._find_recipients(moves).items()
        }

    def _prepare_client(self, partner, recipient, last_on):
        """Return what the rules know of a client; a channel adds its own address."""
        return Client(
            key=partner.id,
            is_business=partner._is_business_customer(),
            has_mail=bool(email_normalize(recipient.email or "", strict=False)),
            has_phone=bool(recipient.phone or partner.phone),
            has_postal_address=bool(
                (recipient.street or partner.street)
                and (recipient.city or partner.city)
            ),
            last_on=last_on,
        )

    def _find_recipients(self, moves):
        """Return {client: contact}: its invoice address, else whom it was sent to.

        The first one with a mail address wins; the client itself comes last.
        """
        owners = moves.commercial_partner_id
        # In one query: unions of recordsets below would read one by one.
        (owners | moves.partner_id | owners.child_ids).fetch(
            ["email", "phone", "street", "city", "lang", "type"]
        )
        recipients = {}
        asked = defaultdict(lambda: self.env["res.partner"])
        for move in moves.sorted("id", reverse=True):
            asked[move.commercial_partner_id] |= move.partner_id
        for partner, contacts in asked.items():
            invoice = partner.child_ids.filtered(lambda c: c.type == "invoice")
            candidates = invoice | contacts | partner
            with_mail = candidates.filtered("email")
            recipients[partner] = (with_mail or candidates)[:1]
        return recipients

    # === Interest === #

    def _check_figures(self, decisions, today):
        """Return items that say which figures are missing, None when none is.

        Only asked for what leaves with interest: rates of a half-year may not be
        published yet, the other reminders need none.
        """
        asking = [
            decision
            for decision in decisions
            if decision.action == Action.SEND and decision.message_step.needs_interest
        ]
        troubles = self._find_figures_troubles({d.item.key for d in asking}, today)
        if not troubles:
            return None
        return [
            replace(d.item, figures_trouble=troubles.get(d.item.key, ""))
            for d in decisions
        ]

    def _find_figures_troubles(self, keys, today):
        """Return {key: why no interest can be computed}."""
        moves = self.env["account.move"].sudo().browse(k[0] for k in keys if not k[1])
        late = moves._get_late_interests(today) if moves else {}
        troubles = {}
        for key in keys:
            if key[1]:
                instalment = self.env["crm.instalment"].sudo().browse(key[1])
                trouble = instalment._get_late_interest_trouble(today)
            elif not isinstance(late[key[0]], LateInterest):
                move = moves.browse(key[0])
                trouble = move._explain_late_interest_trouble(late[key[0]])
            else:
                continue
            if trouble:
                troubles[key] = trouble
        return troubles

    def _read_message_facts(self, company, messages, today):
        """Return what the rows of messages need beside the decisions."""
        engine = self.sudo()
        keys = [d.item.key for message in messages for d in message.decisions]
        moves = self.env["account.move"].sudo().browse(key[0] for key in keys)
        with_interest = {
            d.item.key
            for message in messages
            for d in message.decisions
            if message.step.shows_interest
        }
        return MessageFacts(
            dues=engine._get_dues(moves),
            recipients={
                partner.id: recipient
                for partner, recipient in engine._find_recipients(moves).items()
            },
            late=engine._get_late_by_key(with_interest, today),
        )

    def _get_late_by_key(self, keys, today):
        """Return {key: LateInterest}; an invoice with several dates states it once."""
        moves = self.env["account.move"].sudo().browse(k[0] for k in keys if not k[1])
        late = moves._get_late_interests(today) if moves else {}
        result, stated = {}, set()
        for key in sorted(keys):
            if key[1]:
                instalment = self.env["crm.instalment"].sudo().browse(key[1])
                result[key] = instalment._get_late_interest(today)
            elif key[0] not in stated and isinstance(late[key[0]], LateInterest):
                result[key] = late[key[0]]
                stated.add(key[0])
        return result
