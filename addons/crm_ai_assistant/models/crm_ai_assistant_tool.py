import json

from pydantic import ValidationError

from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_open, format_amount, ormcache

from ..lib import help_index
from ..lib.references import handle_of, read_handle
from ..lib.tools import TOOLS


class CrmAiAssistantTool(models.AbstractModel):
    """What the assistant can do: read, with the rights of the person, or propose.

    Always in the environment of who asked, never as superuser. A tool gives a
    dictionary ready for JSON; records are named by handles, see `lib/references`.
    """

    _name = "crm.ai.assistant.tool"
    _description = "Tools of the Assistant"

    def _run(self, turn, name: str, arguments: dict) -> dict:
        """Return what a tool gives; errors are sentences under `error`."""
        # whoever calls: never as superuser
        self, turn = self.sudo(False), turn.sudo(False)
        if name not in TOOLS:
            return {"error": self.env._("There is no such tool.")}
        try:
            checked = TOOLS[name][0].model_validate(dict(arguments))
        except ValidationError as error:
            names = ", ".join(str(item["loc"][0]) for item in error.errors())
            return {"error": self.env._("These arguments do not fit: %s", names)}
        try:
            with self.env.cr.savepoint():
                result = getattr(self, f"_tool_{name}")(turn, checked)
        except (AccessError, MissingError):
            result = {"error": self.env._("You have no access to these records.")}
        except UserError as error:
            result = {"error": str(error.args[0])}
        turn._remember(name, checked.model_dump(mode="json"), result)
        return result

    # === Common === #

    def _format(self, amount: float) -> str:
        return format_amount(
            self.env,
            amount or 0,
            self.env.company.currency_id,
            lang_code="fr_FR",
            trailing_zeroes=False,
        )

    def _handle(self, record) -> str | None:
        return handle_of(record._name, record.id) if record else None

    def _get_by_handle(self, text: str):
        """Return the record of a handle that the person may read.

        :raise UserError: no handle of a deal or a client
        """
        found = read_handle(text)
        if not found or found[0] not in ("crm.lead", "res.partner"):
            raise UserError(self.env._("Name a deal or a client by its handle."))
        record = self.env[found[0]].browse(found[1]).exists()
        if not record:
            raise MissingError(self.env._("This record no longer exists."))
        record.check_access("read")
        return record

    # === Screens and documentation === #

    def _tool_open_screen(self, turn, args) -> dict:
        label = {
            "pipeline": self.env._("Open the pipeline"),
            "leads": self.env._("Open the leads"),
            "activities": self.env._("Open my activities"),
            "calendar": self.env._("Open the calendar"),
            "clients": self.env._("Open the clients"),
            "forecast": self.env._("Open the forecast"),
        }[args.screen]
        turn._add_link(label, screen=args.screen)
        return {"shown": label}

    def _tool_search_help(self, turn, args) -> dict:
        pages = help_index.search(args.question, self._get_help())
        return {"pages": [dict(page) for page in pages]}

    @ormcache()
    def _get_help(self):
        with file_open("crm_ai_assistant/data/help_fr.json") as file:
            return json.load(file)
