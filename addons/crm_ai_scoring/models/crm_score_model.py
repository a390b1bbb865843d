from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.groups import fact_names
from ..lib.scoring import Scorer

STATES = [("candidate", "Candidate"), ("live", "In use"), ("retired", "Retired")]
VERDICTS = [
    ("first", "First model"),
    ("better", "Not worse than the one before: put in use"),
    ("worse", "Worse than the one in use: kept aside"),
    ("weak", "Not better than the average: kept aside"),
    ("chosen", "Put in use by hand"),
]


class CrmScoreModel(models.Model):
    """One learning from the closed deals of a company; never changed, only replaced.

    A version is born a candidate. It goes live by itself when it is not worse than the
    live one, and any former version goes live again by one click.
    """

    _name = "crm.score.model"
    _description = "Version of the Score"
    _order = "company_id, number desc"
    _rec_name = "number"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Version", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="candidate")
    verdict = fields.Selection(VERDICTS, readonly=True)
    trained_at = fields.Datetime(string="Learnt On", required=True, readonly=True)
    seconds = fields.Float(string="Duration (s)", readonly=True)
    content = fields.Json(required=True, readonly=True)
    report = fields.Json(readonly=True)
    figures = fields.Json(readonly=True)
    # === What it was learnt from === #
    closed_count = fields.Integer(string="Closed Deals", readonly=True)
    won_count = fields.Integer(string="Won Deals", readonly=True)
    judged_count = fields.Integer(string="Judged On", readonly=True)
    base_rate = fields.Float(string="Usual Success", readonly=True, digits=(6, 4))
    share = fields.Float(
        string="Part of the Score",
        readonly=True,
        digits=(4, 2),
        help="The rest comes from the criteria, while there are few closed deals.",
    )
    # === How good it is, on deals it had not seen === #
    auc = fields.Float(string="Ranking (AUC)", readonly=True, digits=(5, 3))
    log_loss = fields.Float(readonly=True, digits=(6, 4))
    brier = fields.Float(string="Brier Score", readonly=True, digits=(6, 4))
    ece = fields.Float(string="Calibration Error", readonly=True, digits=(5, 3))
    top_tenth = fields.Float(
        string="Won in the Top Tenth", readonly=True, digits=(5, 3)
    )
    odoo_auc = fields.Float(string="Ranking by Odoo", readonly=True, digits=(5, 3))
    odoo_log_loss = fields.Float(
        string="Log Loss by Odoo", readonly=True, digits=(6, 4)
    )
    details = fields.Json(compute="_compute_details")

    _number_uniq = models.UniqueIndex("(company_id, number)", "This version exists.")
    _one_live = models.UniqueIndex(
        "(company_id) WHERE state = 'live'", "One version is in use at a time."
    )

    @api.depends("number")
    def _compute_display_name(self):
        for model in self:
            model.display_name = self.env._("Version %(number)s", number=model.number)

    @api.depends_context("lang")
    @api.depends("content", "report", "figures")
    def _compute_details(self):
        for model in self:
            model.details = self.env["crm.score.reader"]._explain_model(model)

    # === Actions === #

    def action_put_live(self):
        """Go back (or forward) to this version."""
        self.ensure_one()
        self._check_admin()
        if self.state == "live":
            raise UserError(self.env._("This version is already in use."))
        self._put_live("chosen")
        self.company_id._score_all_soon()
        return self._notify(
            self.env._("Version %s is in use; scores follow now.", self.number)
        )

    @api.model
    def action_learn(self):
        """Learn now, in a job."""
        self._check_admin()
        company = self.env.company
        company._learn_soon(forced=True)
        return self._notify(
            self.env._("Learning has begun: the version appears here in a moment.")
        )

    def _check_admin(self):
        self.check_access("read")
        if not self.env.user.has_group("crm_base.crm_base_group_admin"):
            raise AccessError(
                self.env._("Only administrators choose what scores are made of.")
            )

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success", "sticky": False},
        }

    # === Life === #

    def _put_live(self, verdict):
        self.ensure_one()
        # sudo: versions are written by the engine and by this button only
        model = self.sudo()
        former = model.search(
            [("company_id", "=", model.company_id.id), ("state", "=", "live")]
        )
        former.write({"state": "retired"})
        self.flush_model(["state"])
        model.write({"state": "live", "verdict": verdict})

    @api.model
    def _find_live(self, company):
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "live")], limit=1
        )

    def _get_scorer(self) -> Scorer:
        self.ensure_one()
        return Scorer(self.content)

    def _get_fact_names(self) -> list[str]:
        """Return the facts it was learnt from."""
        return fact_names(self.content)
