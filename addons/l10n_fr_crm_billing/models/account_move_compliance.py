from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.modules.module import current_test

from ..lib import mentions, wordings
from ..lib.compliance import BLOCK, OFF, Target, find

# A list of thirty documents is read; a longer one is looked at in the list view.
MAX_TOLD = 30


class AccountMove(models.Model):
    _inherit = "account.move"

    fr_checklist = fields.Json(compute="_compute_fr_checklist")

    @api.depends(
        "state",
        "move_type",
        "company_id",
        "partner_id",
        "partner_shipping_id",
        "currency_id",
        "invoice_date",
        "invoice_date_due",
        "invoice_line_ids.name",
        "invoice_line_ids.product_id",
        "invoice_line_ids.tax_ids",
        "invoice_line_ids.price_subtotal",
        "reversed_entry_id",
        "fr_credit_reason",
    )
    def _compute_fr_checklist(self):
        for move in self:
            concerned = move.state == "draft" and move._has_fr_mentions()
            move.fr_checklist = move._get_fr_checklist() if concerned else False

    def _get_fr_extra_findings(self):
        """Return further ``lib.compliance.Finding``; to be extended."""
        self.ensure_one()
        return []

    def _get_fr_findings(self):
        """Return ``[(finding, level, sentence)]``, blocking ones first."""
        self.ensure_one()
        texts = self.env["crm.legal.mention"]._get_wordings(self.company_id)
        facts = self._prepare_fr_facts()
        dues = mentions.decide(facts)
        wordless = wordings.find_wordless(dues, texts, facts)
        Rule = self.env["crm.compliance.rule"]
        effects = Rule._get_effects(self.company_id)
        told = [
            (finding, *Rule._tell(finding, effects))
            for finding in find(facts, dues, wordless) + self._get_fr_extra_findings()
        ]
        told = [row for row in told if row[1] != OFF]
        return sorted(told, key=lambda row: row[1] != BLOCK)

    def _get_fr_checklist(self):
        """Return what the panel of the form shows."""
        self.ensure_one()
        return [
            {
                "code": finding.code,
                "key": f"{finding.code}:{finding.field}",
                "level": level,
                "message": sentence,
                "fixable": self._is_fr_fixable(finding),
            }
            for finding, level, sentence in self._get_fr_findings()
        ]

    def _is_fr_fixable(self, finding):
        return bool(finding.action) or finding.target != Target.DOCUMENT

    def action_fr_fix(self, key):
        """Open the screen where a finding of the panel is put right."""
        self.ensure_one()
        self.check_access("read")
        for finding, _level, _sentence in self._get_fr_findings():
            if f"{finding.code}:{finding.field}" == key:
                return self._get_fr_fix_action(finding)
        # Somebody else has put it right meanwhile.
        return False

    def _get_fr_fix_action(self, finding):
        self.ensure_one()
        if finding.action:
            return finding.action
        target = finding.target
        if target == Target.COMPANY and not self._is_fr_self_billed():
            return self.company_id._get_fr_setup_action()
        if target == Target.WORDING:
            return self.env["crm.legal.mention"]._get_missing_action(finding.field)
        if target in (Target.BUYER, Target.COMPANY):
            return self.partner_id.commercial_partner_id._get_fr_fix_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # Posting

    def _must_check_fr(self):
        """Tell whether the check may stop the documents.

        Tests of other addons post documents of bare French companies: as usual with
        such checks, a test has to ask for this one.
        """
        return not current_test or self.env.context.get("test_fr_compliance")

    def _get_fr_blocking(self):
        """Return ``{document: [(finding, sentence)]}`` of those that are stopped."""
        if not self._must_check_fr():
            return {}
        blocking = {}
        for move in self.filtered(lambda m: m.state == "draft"):
            if not move._has_fr_mentions():
                continue
            rows = [
                (finding, sentence)
                for finding, level, sentence in move._get_fr_findings()
                if level == BLOCK
            ]
            if rows:
                blocking[move] = rows
        return blocking

    def action_post(self):
        blocking = self._get_fr_blocking()
        if not blocking:
            return super().action_post()
        if self._is_fr_paid_online(blocking):
            return self._leave_fr_drafts(blocking)
        message = self._tell_fr_blocking(blocking)
        if len(blocking) == 1:
            ((move, rows),) = blocking.items()
            action = move._get_fr_fix_action(rows[0][0])
            raise RedirectWarning(message, action, self.env._("Put it right"))
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents to complete"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [move.id for move in blocking])],
        }
        raise RedirectWarning(message, action, self.env._("Open these documents"))

    def _post(self, soft=True):
        today = fields.Date.context_today(self)
        posting = self.filtered(lambda m: not soft or not m.date or m.date <= today)
        blocking = posting._get_fr_blocking()
        if blocking:
            raise UserError(self._tell_fr_blocking(blocking))
        return super()._post(soft)

    def _is_fr_paid_online(self, blocking):
        """Tell whether the server posts because the client has just paid."""
        return self.env.su and all(move.transaction_ids for move in blocking)

    def _leave_fr_drafts(self, blocking):
        """Money that came in is booked whatever the invoice lacks: a human completes."""
        for move, rows in blocking.items():
            move.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Paid invoice that cannot be posted yet"),
                note=self.env._(
                    "The client has paid online. The invoice stays a draft until this "
                    "is put right: %(reasons)s",
                    reasons=" ".join(sentence for _finding, sentence in rows),
                ),
                user_id=move.invoice_user_id.id or self.env.uid,
            )
        rest = self - self.concat(*blocking)
        return rest.action_post() if rest else False

    def _tell_fr_blocking(self, blocking):
        """Return the message of everything that stops posting, per document."""
        blocks = []
        for move, rows in list(blocking.items())[:MAX_TOLD]:
            title = self.env._(
                "%(document)s for %(client)s:",
                document=move._get_fr_short_name(),
                client=move.partner_id.display_name or self.env._("no client"),
            )
            blocks.append("\n".join([title, *(f"- {row[1]}" for row in rows)]))
        rest = len(blocking) - MAX_TOLD
        if rest > 0:
            blocks.append(self.env._("... and %(count)s more documents.", count=rest))
        head = self.env._("French law asks for more before this can be posted.")
        return "\n\n".join([head, *blocks])

    def _get_fr_short_name(self):
        if self.name and self.name != "/":
            return self.name
        return self.env._(
            "Draft of %(amount)s", amount=self.currency_id.format(self.amount_total)
        )
