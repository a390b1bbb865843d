from odoo import api, fields, models

TEMPERATURES = [("cold", "Cold"), ("warm", "Warm"), ("hot", "Hot")]
# Their change moves no score; any other field may, if only by a criterion.
INDIFFERENT = {
    "color", "message_main_attachment_id", "activity_ids", "message_ids",
    "message_follower_ids", "probability", "automated_probability", "email_cc",
    "date_automation_last",
}  # fmt: skip


class CrmLead(models.Model):
    """A score from 0 to 100 with its reasons, beside Odoo's own probability.

    The score is written by SQL, in slices, by the engine: it is no activity of anybody,
    leaves no trace in the discussion and does not touch the date of the last change.
    """

    _inherit = "crm.lead"

    ai_score = fields.Integer(
        string="Score",
        readonly=True,
        copy=False,
        default=0,
        aggregator="avg",
        help="Chance that the deal is won, in points from 0 to 100.",
    )
    ai_temperature = fields.Selection(
        TEMPERATURES, string="Temperature", readonly=True, copy=False
    )
    ai_score_at = fields.Datetime(string="Score Since", readonly=True, copy=False)
    ai_hot_at = fields.Datetime(string="Hot Since", readonly=True, copy=False)
    ai_score_previous = fields.Integer(
        string="Score Before", readonly=True, copy=False, aggregator=None
    )
    ai_score_previous_at = fields.Datetime(
        string="Date of the Score Before", readonly=True, copy=False
    )
    ai_score_change = fields.Integer(
        string="Change of the Score", compute="_compute_ai_score_change"
    )
    ai_score_reasons = fields.Json(string="Reasons", readonly=True, copy=False)
    ai_score_summary = fields.Char(
        string="Why", compute="_compute_ai_score_summary", help="The strongest reason."
    )
    # Of the reasons: as long as it is the same there is nothing to write.
    ai_score_sign = fields.Integer(
        string="Sign of the Reasons", readonly=True, copy=False, aggregator=None
    )

    _ai_score_idx = models.Index("(ai_score DESC, id DESC) WHERE active")
    _ai_temperature_idx = models.Index("(ai_temperature, user_id) WHERE active")

    @api.depends("ai_score", "ai_score_previous", "ai_score_previous_at")
    def _compute_ai_score_change(self):
        for lead in self:
            known = lead.ai_score_previous_at
            lead.ai_score_change = (
                lead.ai_score - lead.ai_score_previous if known else 0
            )

    @api.depends_context("lang")
    @api.depends("ai_score_reasons")
    def _compute_ai_score_summary(self):
        texts = self.env["crm.score.reader"]._read_summaries(self)
        for lead in self:
            lead.ai_score_summary = texts.get(lead.id, False)

    # === What changes a score === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._score_soon()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - INDIFFERENT:
            self._score_soon()
        return result

    def _score_soon(self):
        """Have these deals scored by a job, once the transaction is in."""
        self.env["crm.score.pending"]._note(self.ids)

    @api.private
    def _score_now(self):
        """Score these deals, in this transaction; closed ones keep their last score."""
        # sudo: a score rests on all deals of the company
        engine = self.env["crm.score.engine"].sudo()
        for company, lead_ids in self._group_by_score_company().items():
            engine.with_company(company)._score(company, lead_ids)

    def _group_by_score_company(self):
        """Return the ids of the deals by the company whose model scores them."""
        companies = self.env["res.company"].sudo()
        first = companies.search([], order="id", limit=1)
        groups = {}
        for lead in self.sudo().exists():
            company = lead.company_id or lead.user_id.company_id or first
            groups.setdefault(company, []).append(lead.id)
        return groups

    # === Screens === #

    @api.readonly
    def get_score_details(self):
        """Return the score of a deal with its reasons in words, for its panel."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.score.reader"]._explain_lead(self)

    def action_open_score_fact(self, name):
        """Open what a reason rests on: the mails, the meetings, the deals behind it."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.score.reader"]._open_fact(self, name)
