from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..lib.dunning_facts import Block


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_dunning_blocks(self):
        """Return what holds reminders back: {move id: [Block(kind, reason, until)]}.

        An addon adds its own reasons to the lists of `super()`. The number of queries
        must not depend on the number of invoices.
        """
        blocks = defaultdict(list)
        for move in self:
            for block in move._get_own_dunning_blocks():
                blocks[move.id].append(block)
        for pause in self._find_dunning_pauses():
            block = pause._prepare_block()
            for move in self._pick_paused(pause):
                blocks[move.id].append(block)
        return blocks

    def _get_own_dunning_blocks(self):
        """What the invoice itself says: no query unless it is contested."""
        self.ensure_one()
        since = self.commercial_partner_id.insolvency_date
        if since:
            reason = self.env._("Insolvency proceedings since %(day)s", day=since)
            yield Block("insolvency", reason)
        if self.payment_link_state == "disputed" and not self._is_dispute_over():
            yield Block("dispute", self.env._("The client contests the payment."))
        if self.payment_link_state == "processing":
            yield Block("payment", self.env._("A payment is in progress."))

    def _is_dispute_over(self):
        """Whether the bank gave the money back: a debt like any other again."""
        # sudo: links are read through their document
        return self.payment_link_id.sudo().dispute_status == "lost"

    def _find_dunning_pauses(self):
        """Pauses that were not lifted, of these invoices or of their clients."""
        domain = Domain("move_id", "in", self.ids) | (
            Domain("move_id", "=", False)
            & Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
        )
        # sudo: whoever sees the invoice may know that it is not chased
        pauses = self.env["crm.dunning.pause"].sudo()
        return pauses.search(domain & Domain("is_lifted", "=", False))

    def _pick_paused(self, pause):
        if pause.move_id:
            return self & pause.move_id
        return self.filtered(
            lambda move: (
                move.commercial_partner_id == pause.partner_id
                and move.company_id == pause.company_id
            )
        )

    def _release_dunning(self):
        """Something that held these invoices back is gone: decide again today.

        Only when today's run is already done; otherwise it will see for itself.
        """
        engine = self.env["crm.dunning.engine"].sudo()
        for company in self.company_id:
            moves = self.filtered(
                lambda move, company=company: move.company_id == company
            )
            partner_ids = sorted(moves.commercial_partner_id.ids)
            engine._schedule_clients(company, partner_ids)
