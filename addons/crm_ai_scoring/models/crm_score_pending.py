import logging

from psycopg2 import OperationalError
from psycopg2.pool import PoolError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_integrations.row_lock import jobs_come_back

_logger = logging.getLogger(__name__)

JOB_KEY = "crm_score_pending"
HOOK = "crm_ai_scoring.pending"
SLICE = 2_000
# Both rows at once and without waiting: whoever deletes a deal holds it before its row
# here goes with it. A deal that somebody holds is noted again when it is written.
TAKE_QUERY = """
DELETE FROM crm_score_pending WHERE id IN (
    SELECT pending.id
      FROM crm_score_pending pending
      JOIN crm_lead lead ON lead.id = pending.lead_id
     ORDER BY pending.id
     LIMIT %s
       FOR UPDATE OF pending SKIP LOCKED
       FOR NO KEY UPDATE OF lead SKIP LOCKED)
RETURNING lead_id
"""


class CrmScorePending(models.Model):
    """Deals that changed since their score was computed, until a job looks at them.

    Rows are written right after the commit that changed the deal, in a transaction of
    their own: nobody's click waits for them or meets them. One job takes all there
    are, so a hundred changes of a deal, or of a hundred deals, are one computation.
    """

    _name = "crm.score.pending"
    _description = "Deal Whose Score Is to Be Computed"
    _log_access = False
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")

    _lead_uniq = models.UniqueIndex("(lead_id)")

    @api.model
    def _note(self, lead_ids):
        """Have deals scored once this transaction is in."""
        if self.env.context.get("no_score"):
            return
        hooks = self.env.cr.postcommit
        if HOOK in hooks.data:
            hooks.data[HOOK].update(lead_ids)
            return
        if not lead_ids:
            return
        hooks.data[HOOK] = set(lead_ids)
        registry = self.env.registry

        @hooks.add
        def write_down():
            ids = sorted(hooks.data.pop(HOOK, ()))
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["crm.score.pending"]._put(ids)
            except (PoolError, OperationalError):
                # Scored at night all the same.
                _logger.info("%s changed deals wait for the night", len(ids))

    @api.model
    def _put(self, lead_ids):
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_score_pending (lead_id)"
                " SELECT id FROM crm_lead WHERE id = ANY(%s) ON CONFLICT DO NOTHING",
                list(lead_ids),
            )
        )
        self._wake()

    @api.model
    def _wake(self):
        """Ask for a job; a job that waits already will see our rows.

        Its transaction begins after ours is in: while it is seen waiting here, it
        cannot have looked yet.
        """
        self.with_delay(identity_key=JOB_KEY, max_retries=0, priority=5)._job_score()

    @api.model
    def _job_score(self):
        """Score the deals that changed, however many changes there were."""
        with jobs_come_back(seconds=2):
            self.env.cr.execute(SQL(TAKE_QUERY, SLICE))
            lead_ids = [lead_id for (lead_id,) in self.env.cr.fetchall()]
            self.env["crm.lead"].browse(lead_ids)._score_now()
        if len(lead_ids) == SLICE:
            self._wake()

    @api.model
    def _cron_sweep(self):
        """Wake a job for rows whose job was lost with its server."""
        if self.search_count([], limit=1):
            self._wake()
