from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ..lib import figures, markup, references

FEATURE = "assistant.chat"
MAX_QUESTION_CHARS = 2000
HISTORY_TURNS = 3
HISTORY_MINUTES = 30
PURGE_BATCH = 1000


class CrmAiAssistantTurn(models.Model):
    """A question to the assistant with its answer.

    What the tools gave is kept beside (`evidence`): the figures of the answer are
    compared with it, and only records that stand in it are linked.
    """

    _name = "crm.ai.assistant.turn"
    _description = "Question to the Assistant"
    _order = "id desc"
    _rec_name = "question"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    question = fields.Text(required=True, readonly=True)
    answer = fields.Html(readonly=True, sanitize_attributes=False)
    answer_text = fields.Text(readonly=True, help="With handles instead of names.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Answered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    call_id = fields.Many2one("crm.ai.call", readonly=True, ondelete="set null")
    channel_id = fields.Many2one("discuss.channel", readonly=True, ondelete="cascade")
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    evidence = fields.Json(readonly=True, help="What the tools gave.")
    links = fields.Json(readonly=True, help="What may be opened from the answer.")
    is_warned = fields.Boolean(readonly=True, help="The model was told once.")
    proposal_ids = fields.One2many("crm.ai.assistant.proposal", "turn_id")

    # === Asking === #

    @api.model
    def ask(self, question: str) -> dict:
        """Ask from the panel; return what the panel shows of it."""
        return self._ask(question)._prepare_turn()

    @api.model
    def _ask(self, question: str, channel=None):
        """Write a question down and have it answered.

        At once when no model is set up, else by a job.
        """
        # Discuss posts as superuser: what is read is what the person may read
        self = self.sudo(False)
        question = str(question or "").strip()
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees may ask."))
        if not question:
            raise UserError(self.env._("Write a question."))
        # sudo: the transcript is written by the suite only
        turn = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "question": question[:MAX_QUESTION_CHARS],
                "channel_id": channel.id if channel else False,
            }
        )
        calls = self.env["crm.ai.call"]
        params = {"turn_id": turn.id}
        if self._has_model():
            turn.call_id = calls._ask(FEATURE, params=params).id
        else:
            call = calls._create_call(FEATURE, None, params)
            turn.call_id = call.id
            call._answer_now()
        return turn.with_env(self.env)

    @api.model
    def _has_model(self) -> bool:
        """Whether a model is set up for the assistant, in this company."""
        # sudo: everybody's questions follow the routes, few may read them
        feature = self.env["crm.ai.feature"]._get_by_code(FEATURE)
        routes = self.env["crm.ai.route"].sudo()
        return bool(routes._get_routes(feature, self.env.company).connection_id)

    def action_cancel(self):
        """Stop waiting."""
        self.check_access("read")
        self.call_id.action_cancel()

    # === What is remembered === #

    def _remember(self, name: str, arguments: dict, result: dict):
        """Keep what a tool gave."""
        self.ensure_one()
        entry = {"tool": name, "arguments": arguments, "result": result}
        turn = self.sudo()
        turn.evidence = [*(turn.evidence or []), entry]

    def _add_link(self, label: str, **target):
        """Keep something to open. :param target: `screen`, or `model` and `ids`"""
        turn = self.sudo()
        others = [link for link in turn.links or [] if link["label"] != label]
        turn.links = [*others, {"label": label, **target}]

    def _get_known_figures(self) -> set[str]:
        """Return every figure that an answer may hold."""
        given = [
            (entry["arguments"], entry["result"])
            for entry in self.sudo().evidence or []
        ]
        # checked in their turn
        said = [html2plaintext(one.answer or "") for one in self._find_history()]
        return figures.known_values(given, said)

    def _find_history(self):
        """Return the turns just before, oldest first."""
        self.ensure_one()
        turn = self.sudo()
        since = turn.create_date - timedelta(minutes=HISTORY_MINUTES)
        former = self.sudo().search(
            [
                ("user_id", "=", turn.user_id.id),
                ("id", "<", turn.id),
                ("state", "=", "done"),
                ("company_id", "=", turn.company_id.id),
                ("create_date", ">=", since),
            ],
            limit=HISTORY_TURNS,
        )
        return former.sorted("id")

    # === Answering === #

    def _keep(self, text: str, *, is_checked: bool):
        """Write the answer: figures checked, records linked.

        :param is_checked: by a model; what our rules say is made of results only
        """
        self.ensure_one()
        turn = self.sudo()
        if is_checked:
            known = self._get_known_figures()
            text = figures.mark_unknown(text, known, markup.UNKNOWN)
        turn.write(
            {
                "answer_text": text,
                "answer": markup.to_html(text, self._make_linker()),
                "state": "done",
            }
        )
        self._tell()

    def _fail(self, state: str, sentence: str):
        self.ensure_one()
        self.sudo().write(
            {
                "state": state,
                "answer": Markup("<p>%s</p>") % sentence,
                "answer_text": "",
            }
        )
        self._tell()

    def _make_linker(self):
        """Return (model, id) -> HTML of a link, for records this may speak of."""
        turns = self.sudo() | self._find_history()
        known = set()
        for turn in turns:
            known |= set(references.find_handles(str(turn.evidence or "")))
        names = self._get_names(known)

        def link(model, res_id):
            if (model, res_id) not in names:
                return f"<em>{escape(self.env._('record not shown'))}</em>"
            target, target_id, name = names[model, res_id]
            if target == "res.users":  # a colleague is named, not opened
                return escape(name)
            return (
                f'<a href="/odoo/{target}/{target_id}" data-oe-model="{target}"'
                f' data-oe-id="{target_id}">{escape(name)}</a>'
            )

        return link

    def _get_names(self, known) -> dict:
        """Return (model, id) -> (model, id, name) of what the person may read."""
        names = {}
        for model in {model for model, _res_id in known}:
            ids = [res_id for one, res_id in known if one == model]
            records = self.env[model].with_context(active_test=False).browse(ids)
            for record in records.exists()._filtered_access("read"):
                target, name = record, record.display_name
                if model == "mail.activity":
                    target = self.env[record.res_model].browse(record.res_id)
                    what = record.summary or record.activity_type_id.name or ""
                    name = f"{what} ({record.res_name})" if record.res_name else what
                names[model, record.id] = (target._name, target.id, name or "-")
        return names

    def _tell(self):
        """Tell the panel, and the conversation it was asked in."""
        self.ensure_one()
        turn = self.sudo()
        turn.user_id._bus_send("crm_ai_assistant.turn", {"id": turn.id})
        if turn.channel_id:
            turn.message_id = turn.channel_id._post_as_assistant(turn._prepare_body())

    # === Purge === #

    @api.model
    def _cron_purge(self):
        """Remove the conversations whose time is over."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("crm_ai_text_days", ">", 0)])
        for company in companies:
            days = company.crm_ai_text_days
            turns = self.search(
                [
                    ("company_id", "=", company.id),
                    ("create_date", "<", now - timedelta(days=days)),
                ],
                limit=PURGE_BATCH,
            )
            count = len(turns)
            turns._forget()
            self.env["ir.cron"]._commit_progress(
                count, remaining=1 if count == PURGE_BATCH else 0
            )

    def _forget(self):
        """Remove turns with what was said of them in Discuss."""
        for channel, turns in self.grouped("channel_id").items():
            if not channel:
                continue
            moment = max(turns.mapped("create_date"))
            # the question was posted in the transaction that wrote its turn
            self.env["mail.message"].search(
                [
                    ("model", "=", "discuss.channel"),
                    ("res_id", "=", channel.id),
                    ("create_date", "<=", moment),
                ]
            ).unlink()
        self.message_id.unlink()
        self.unlink()
