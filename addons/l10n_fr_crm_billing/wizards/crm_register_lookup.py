from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .crm_register_hit import WRITABLE

PATIENCE = timedelta(seconds=20)


class CrmRegisterLookup(models.TransientModel):
    """A question to the company register and what its answer would change.

    ask: waiting for words. asking: the question has left, the screen follows.
    choose: several companies. compare: one company, its differences. The register
    never writes: the person ticks and applies, or closes and types by hand.
    """

    _name = "crm.register.lookup"
    _description = "Look-up in the Company Register"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    query = fields.Char(string="Name, SIREN or SIRET")
    state = fields.Selection(
        [
            ("ask", "To ask"),
            ("asking", "Asking"),
            ("choose", "To choose"),
            ("compare", "To compare"),
            ("none", "Nothing found"),
            ("trouble", "No answer"),
        ],
        default="ask",
        required=True,
        readonly=True,
    )
    exchange_id = fields.Many2one("crm.exchange", readonly=True, ondelete="set null")
    asked_at = fields.Datetime(readonly=True)
    ask_count = fields.Integer(readonly=True)
    trouble = fields.Char(readonly=True)
    delay_seconds = fields.Integer(readonly=True)
    message = fields.Char(compute="_compute_message")
    closed_message = fields.Char(compute="_compute_closed_message")
    hit_ids = fields.One2many(
        "crm.register.hit", "lookup_id", string="Companies", readonly=True
    )
    hit_id = fields.Many2one("crm.register.hit", string="Company", readonly=True)
    change_ids = fields.One2many("crm.register.change", "lookup_id")

    @api.depends("state", "trouble", "delay_seconds", "query", "change_ids")
    def _compute_message(self):
        for lookup in self:
            lookup.message = lookup._get_message()

    def _get_message(self):
        query = self.query or ""
        if self.state == "asking":
            waited = fields.Datetime.now() - (self.asked_at or fields.Datetime.now())
            if waited > PATIENCE:
                return self.env._(
                    "The register has not answered yet. Close this window and type"
                    " the data by hand, or ask again later."
                )
            return self.env._("The register is being asked about %s.", query)
        if self.state == "none":
            return self.env._(
                "The register knows no company under %s. It may have refused"
                " publication: check the number, or type the data by hand.",
                query,
            )
        if self.state == "choose":
            return self.env._("Several companies answer to %s. Choose one.", query)
        if self.state == "compare" and not self.change_ids:
            return self.env._("The contact already says what the register says.")
        if (
            "vat" in self.change_ids.mapped("field_name")
            and self.hit_id.is_vat_computed
        ):
            return self.env._(
                "The register does not publish the VAT number: the one below is"
                " computed from the SIREN. Check it in VIES."
            )
        if self.state == "trouble":
            return self._get_trouble_message()
        return False

    def _get_trouble_message(self):
        by_hand = self.env._("You can type the data by hand meanwhile.")
        sentences = {
            "query": self.env._(
                "Enter a name of three letters at least, a SIREN of 9 digits or a"
                " SIRET of 14: %s is none of these.",
                self.query or self.env._("nothing"),
            ),
            "busy": self.env._(
                "The register has too many questions at once. Ask again in %s seconds.",
                max(self.delay_seconds, 1),
            ),
            "refused": self.env._("The register did not understand the question."),
            "malformed": self.env._("The answer of the register cannot be read."),
        }
        first = sentences.get(self.trouble) or self.env._(
            "The company register does not answer."
        )
        return f"{first} {by_hand}"

    @api.depends("hit_id")
    def _compute_closed_message(self):
        for lookup in self:
            hit = lookup.hit_id
            lookup.closed_message = hit.is_closed and (
                self.env._(
                    "Careful: %(name)s is closed since %(date)s.",
                    name=hit.name,
                    date=format_date(self.env, hit.closed_on),
                )
                if hit.closed_on
                else self.env._("Careful: %s is closed.", hit.name)
            )

    # Asking

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Company Register"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_ask(self):
        """Ask again, with the words on the screen."""
        self.ensure_one()
        self._ask()
        return self._get_action()

    def _ask(self):
        self.partner_id.check_access("write")
        Connection = self.env["crm.connection"]
        query = Connection._clean_register_query(self.query or "")
        self.hit_ids.unlink()
        self.write({"query": query, "hit_id": False, "trouble": False})
        if not Connection._is_register_askable(query):
            self._receive_trouble("query")
            return
        company = self.partner_id.company_id or self.env.company
        connection = Connection._get_register_connection(company)
        count = self.ask_count + 1
        exchange = connection._enqueue(
            "register.search",
            b"{}",  # the words stay on the wizard, which is soon deleted
            idempotency_key=f"register-{self.id}-{self.create_date:%Y%m%d}-{count}",
            record=self,
            personal=False,
        )
        self.write(
            {
                "state": "asking",
                "exchange_id": exchange.id,
                "asked_at": fields.Datetime.now(),
                "ask_count": count,
            }
        )

    # Answers, written by the job

    def _receive_trouble(self, trouble, delay_seconds=0):
        self.write(
            {"state": "trouble", "trouble": trouble, "delay_seconds": delay_seconds}
        )

    def _receive_reply(self, body):
        """Read the answer of the register, whatever it is worth."""
        self.ensure_one()
        state, delay_seconds, companies = self.env[
            "crm.connection"
        ]._read_register_reply(body, self.query or "")
        if state != "ok":
            self._receive_trouble(state, delay_seconds)
            return
        hits = self.env["crm.register.hit"].create(
            [
                self.env["crm.register.hit"]._prepare_hit(self, company)
                for company in companies
            ]
        )
        if len(hits) == 1:
            self._choose(hits)
        else:
            self.state = "choose" if hits else "none"

    def _choose(self, hit):
        self.change_ids.unlink()
        self.env["crm.register.change"].create(hit._prepare_changes())
        self.write({"state": "compare", "hit_id": hit.id})

    # Writing

    def action_apply(self):
        """Write the ticked differences on the contact, and say so in its history."""
        self.ensure_one()
        if self.state != "compare":
            raise UserError(self.env._("Choose a company first."))
        partner, hit = self.partner_id, self.hit_id
        changes = self.change_ids.filtered(
            lambda change: change.is_applied and change.field_name in WRITABLE
        )
        values = {change.field_name: change._get_value() for change in changes}
        values.update(
            fr_register_checked_on=fields.Date.context_today(self),
            fr_is_closed=hit.is_closed,
            fr_closed_on=hit.closed_on,
        )
        partner.write(values)
        labels = ", ".join(changes.mapped("label"))
        partner.message_post(
            body=self.env._(
                "Compared with the company register (SIREN %(siren)s). Taken over:"
                " %(labels)s.",
                siren=hit.siren,
                labels=labels or self.env._("nothing"),
            )
        )
        return {"type": "ir.actions.act_window_close"}
