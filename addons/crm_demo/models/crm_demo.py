import logging
import time
from datetime import date
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import tables

_logger = logging.getLogger(__name__)

DATA = Path(__file__).parent.parent / "data"
# External ids of the story live apart from those of the addon: uninstalling must not
# try to delete posted invoices, which the law forbids.
NAMESPACE = "__crm_demo__"
CHAPTERS_PARAMETER = "crm_demo.chapters"
DAY_PARAMETER = "crm_demo.story_day"
# Nobody is told of what happened before the installation.
QUIET = {
    "lang": "fr_FR",
    "tz": "Europe/Paris",
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "no_mail_to_attendees": True,
    "dont_notify": True,
    "crm_demo_quiet": True,
}


class CrmDemo(models.AbstractModel):
    """The storyteller: fills the database with a company people can try out.

    The story is made of chapters. Each is told once, whatever the number of upgrades;
    a chapter that comes with a later version is added to what is already there.
    """

    _name = "crm.demo"
    _description = "Demo Company"

    @api.model
    def _ask_story(self):
        """Ask for the chapters not told yet, once all addons are loaded."""
        self.env.registry.crm_demo_is_asked = True

    def _register_hook(self):
        # The only moment of an installation when charts of accounts can be loaded:
        # every addon is there, the core loads its own chart from the same hook.
        super()._register_hook()
        if self.env.registry.__dict__.pop("crm_demo_is_asked", False):
            self._tell_story()
        self._sync_environment()

    def _get_chapters(self):
        """Return the chapters in the order they are told, as parts of method names."""
        return [
            "mail",
            "company",
            "people",
            "catalog",
            "pipeline",
            "order",
            "invoice",
            "project",
            "calendar",
            "freelance",
            "bank",
            "stripe",
            "payment_link",
            "scoring",
            "quote",
        ]

    def _tell_story(self):
        told = self._get_told_chapters()
        for chapter in self._get_chapters():
            if chapter in told or not self._is_ready(chapter):
                continue
            started_at = time.monotonic()
            quiet = self.with_context(**QUIET).with_company(self._get_main_company())
            getattr(quiet, f"_tell_{chapter}")()
            told.append(chapter)
            self._set_parameter(CHAPTERS_PARAMETER, ",".join(told))
            self.env.flush_all()
            _logger.info(
                "Demo chapter %s told in %.1f s", chapter, time.monotonic() - started_at
            )

    def _is_ready(self, chapter) -> bool:
        """Tell whether a chapter can be told now; else the next upgrade tries again."""
        return True

    def _get_told_chapters(self):
        return [
            word for word in self._get_parameter(CHAPTERS_PARAMETER).split(",") if word
        ]

    def _get_today(self) -> date:
        """Return the day of the installation: every date of the story hangs on it."""
        if not (day := self._get_parameter(DAY_PARAMETER)):
            today = fields.Date.context_today(self.with_context(tz="Europe/Paris"))
            day = self._set_parameter(DAY_PARAMETER, today.isoformat())
        return date.fromisoformat(day)

    def _get_parameter(self, key: str) -> str:
        return self.env["ir.config_parameter"].sudo().get_param(key) or ""

    def _set_parameter(self, key: str, value: str) -> str:
        self.env["ir.config_parameter"].sudo().set_param(key, value)
        return value

    def _get_main_company(self):
        return self.env.ref("base.main_company")

    def _read_table(self, name: str) -> list[dict[str, str]]:
        return tables.read_rows(DATA / f"{name}.csv")

    def _remember(self, kind: str, keys, records):
        """Give each record the external id ``<kind>_<key>`` of the story."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{NAMESPACE}.{kind}_{key}",
                    "record": record,
                    "noupdate": True,
                }
                for key, record in zip(keys, records, strict=True)
            ]
        )
        return records

    def _recall(self, kind: str, key: str):
        """Return a record of the story; empty keys give nothing."""
        return key and self.env.ref(f"{NAMESPACE}.{kind}_{key}")

    def _recall_id(self, kind: str, key: str):
        record = self._recall(kind, key)
        return record and record.id

    def _backdate(self, records, values_by_column: dict):
        """Write past dates and authors that the ORM sets by itself.

        :param records: the records, in the order of the lists of values
        :param values_by_column: column -> one value per record
        """
        records.flush_recordset()
        columns = list(values_by_column)
        assignments = ", ".join(f"{column} = told.{column}" for column in columns)
        rows = zip(records.ids, *values_by_column.values(), strict=True)
        # Table and column names are ours, values go through parameters.
        self.env.cr.execute_values(
            f"UPDATE {records._table} SET {assignments}"  # noqa: S608
            f" FROM (VALUES %s) AS told (id, {', '.join(columns)})"
            f" WHERE {records._table}.id = told.id",
            list(rows),
        )
        records.invalidate_recordset()

    def _refresh_statistics(self):
        """Tell the planner of the rows written in this transaction.

        Without it the joins of the core over payments and journal items take minutes:
        they are planned for tables that were still empty.
        """
        self.env.flush_all()
        for model in ("account.move", "account.move.line", "account.payment"):
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("ANALYZE %s", table))
