from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_base.fields import EncryptedText

from ..lib import exchange as rules
from .crm_connection_engine import CLEAN
from .crm_exchange import CAUSE_CODES
from .crm_exchange_moves import SUPERVISORS


class CrmConnection(models.Model):
    """One account at a partner: address, secrets, state, and its two queues.

    draft: never checked. ok: last check or message went well. error: the last one
    did not, the reason is shown; when access was refused, sending waits for a
    successful test or an edit. off: somebody switched it off, nothing moves.
    """

    _name = "crm.connection"
    _description = "Connection"
    _inherit = ["crm.connection.engine", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    provider = fields.Selection(selection=[], required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    environment = fields.Selection(
        [("test", "Test Mode"), ("live", "Live")], required=True, default="test"
    )
    base_url = fields.Char(string="Address", copy=False)
    webhook_secret = EncryptedText(
        string="Webhook Signing Secret",
        groups="base.group_system,crm_base.crm_base_group_admin",
        help="Without it every incoming message is refused.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Gets an activity when a message fails for good.",
    )
    max_parallel = fields.Integer(
        string="Calls at Once",
        default=4,
        required=True,
        help="How many messages are sent at the same time.",
    )

    state = fields.Selection(
        [("draft", "To check"), ("ok", "Works"), ("error", "Error"), ("off", "Off")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    error_code = fields.Selection(
        CAUSE_CODES, string="Kind of Problem", readonly=True, copy=False
    )
    last_error = fields.Text(readonly=True, copy=False)
    is_paused = fields.Boolean(
        string="Sending Paused",
        compute="_compute_is_paused",
        help="Access was refused: messages wait for a successful test or an edit.",
    )
    last_check_at = fields.Datetime(string="Last Check", readonly=True, copy=False)
    last_check_ms = fields.Integer(readonly=True, copy=False)
    check_requested_at = fields.Datetime(readonly=True, copy=False)
    check_report = fields.Text(string="Result", readonly=True, copy=False)
    failure_streak = fields.Integer(readonly=True, copy=False)
    resume_at = fields.Datetime(
        string="Sending Resumes",
        readonly=True,
        copy=False,
        help="The partner is down or asked to slow down.",
    )

    body_days = fields.Integer(
        string="Keep Bodies (days)", help="0: as set for the company."
    )
    row_days = fields.Integer(
        string="Keep Exchanges (days)", help="0: as set for the company."
    )
    pending_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    can_test = fields.Boolean(compute="_compute_capabilities")
    can_dry_run = fields.Boolean(compute="_compute_capabilities")

    _max_parallel_range = models.Constraint(
        "CHECK(max_parallel BETWEEN 1 AND 16)",
        "Between 1 and 16 messages may be sent at once.",
    )
    _days_positive = models.Constraint(
        "CHECK(COALESCE(body_days, 0) >= 0 AND COALESCE(row_days, 0) >= 0)",
        "A number of days cannot be negative.",
    )

    # === Computes === #

    @api.depends("state", "error_code")
    def _compute_is_paused(self):
        for connection in self:
            connection.is_paused = (
                connection.state == "error"
                and connection.error_code == "authentication"
            )

    def _compute_counts(self):
        counts = {
            (connection.id, state): count
            for connection, state, count in self.env["crm.exchange"]._read_group(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "in", ("pending", "failed")),
                ],
                ["connection_id", "state"],
                ["__count"],
            )
        }
        for connection in self:
            connection.pending_count = counts.get((connection.id, "pending"), 0)
            connection.failed_count = counts.get((connection.id, "failed"), 0)

    @api.depends("provider")
    def _compute_capabilities(self):
        by_provider = self._get_capabilities()
        for connection in self:
            capabilities = by_provider.get(connection.provider, frozenset())
            connection.can_test = "test" in capabilities
            connection.can_dry_run = "dry_run" in capabilities

    @api.model
    def _get_capabilities(self) -> dict[str, frozenset[str]]:
        """Return what each provider offers; provider addons add their own code.

        Known words: `test` (has `_prepare_check_<provider>`), `dry_run` (that
        method understands `dry_run=True`).
        """
        return {}

    # === CRUD === #

    def _creation_message(self):
        """Core's sentence has no gender, and no French name during installation."""
        return self.env._("Connection created")

    @api.model
    def _get_edit_fields(self) -> set[str]:
        """Fields whose change makes a refused connection worth trying again."""
        return {"base_url", "environment", "webhook_secret"}

    def write(self, vals):
        result = super().write(vals)
        if self._get_edit_fields() & vals.keys():
            self._credentials_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: exchanges the user may not see still count
        used = (
            self.env["crm.exchange"]
            .sudo()
            ._read_group([("connection_id", "in", self.ids)], ["connection_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "%(name)s has exchanged messages: archive it to keep its log.",
                    name=used[0][0].name,
                )
            )

    # === Buttons === #

    def _check_supervisor(self):
        """Only admins and automation developers drive connections."""
        self.check_access("read")
        if not any(self.env.user.has_group(g) for g in SUPERVISORS.split(",")):
            raise AccessError(
                self.env._("Only CRM admins and automation developers may do this.")
            )

    def action_test(self):
        """Have a job ask the partner whether this connection works."""
        self._request_check("can_test", dry_run=False)

    def action_dry_run(self):
        """Have a job show what would be exchanged, without writing anything."""
        self._request_check("can_dry_run", dry_run=True)

    def _request_check(self, capability: str, *, dry_run: bool):
        self._check_supervisor()
        for connection in self:
            if not connection[capability]:
                raise UserError(
                    self.env._(
                        "The connection %(name)s cannot do this.",
                        name=connection.display_name,
                    )
                )
        # sudo: automation developers test connections they may not edit
        for connection in self.sudo():
            connection.check_requested_at = fields.Datetime.now()
            connection.with_delay(
                identity_key=f"crm_connection_check:{connection.id}:{dry_run}",
                priority=5,
                max_retries=3,
            )._job_check(dry_run)
            connection._notify_changed()

    def action_turn_on(self):
        """Switch on: whatever waited leaves."""
        for connection in self.filtered(lambda c: c.state == "off"):
            connection.write({"state": "draft", **CLEAN})
            connection._wake(rules.OUTGOING)
            connection._wake(rules.INCOMING)

    def action_turn_off(self):
        """Switch off: messages are kept, none is sent or processed."""
        self.write({"state": "off"})

    def action_view_exchanges(self):
        """Open the log of this connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_integrations.crm_exchange_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {
            f"search_default_{word}": 1
            for word in self.env.context.get("exchange_filters", ())
        }
        return action
