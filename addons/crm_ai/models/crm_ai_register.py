import io
from dataclasses import dataclass

import xlsxwriter

from odoo import fields, models

WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """A page: its name, the titles of its columns, its rows."""

    name: str
    titles: list[str]
    rows: list[list]


class CrmAiRegister(models.AbstractModel):
    """The AI register of a company as a spreadsheet.

    What a deployer must be able to show: Regulation (EU) 2024/1689 (AI Act), articles
    26 (use, oversight, logs) and 50 (transparency); Regulation (EU) 2016/679 (GDPR),
    article 30 (records of processing).
    """

    _name = "crm.ai.register"
    _description = "AI Register"

    def _build_xlsx(self, company, first, last) -> bytes:
        """Return the register of the days from `first` to `last`, both included."""
        calls = self.env["crm.ai.call"].search(
            [
                ("company_id", "=", company.id),
                ("create_date", ">=", first),
                ("create_date", "<", fields.Date.add(last, days=1)),
                ("purpose", "=", "use"),
            ],
            order="id",
        )
        sheets = [
            self._get_systems_sheet(company, calls),
            self._get_use_sheet(calls),
            self._get_answers_sheet(calls),
        ]
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            plain = book.add_format({"text_wrap": True, "valign": "top"})
            for sheet in sheets:
                self._write_sheet(book, sheet, bold, plain)
        return stream.getvalue()

    def _write_sheet(self, book, sheet: Sheet, bold, plain):
        page = book.add_worksheet(sheet.name[:31])
        page.freeze_panes(1, 0)
        for column, title in enumerate(sheet.titles):
            texts = [str(row[column]) for row in sheet.rows]
            width = max(len(text) for text in [title, *texts]) + 2
            page.set_column(column, column, min(width, WIDEST))
            page.write_string(0, column, title, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    page.write_number(number, column, value, plain)
                else:
                    # never a formula, whatever a record is called
                    page.write_string(number, column, str(value or ""), plain)

    def _get_systems_sheet(self, company, calls) -> Sheet:
        """Each use: purpose, data, oversight, who answers, how long texts are kept."""
        days = company.crm_ai_text_days
        kept = self.env._("%s days", days) if days else self.env._("No limit")
        prompts = self.env["crm.ai.prompt"].search(
            [("version_ids.state", "=", "active")]
        )
        rows = []
        used_by, told_by = calls.grouped("feature_id"), prompts.grouped("feature_id")
        features = self.env["crm.ai.feature"]
        for feature in features.search([("code", "!=", False)]):
            used = used_by.get(feature, calls.browse())
            versions = told_by.get(feature, prompts.browse())
            routes = self.env["crm.ai.route"]._get_routes(feature, company)
            doors = routes.connection_id
            masked = doors and all(doors.mapped("ai_is_masked"))
            rows.append(
                [
                    feature.name,
                    feature.description,
                    feature.data_categories,
                    feature.oversight,
                    feature.with_context(allowed_company_ids=company.ids).answered_by,
                    ", ".join(sorted({c.model for c in used if c.model})),
                    ", ".join(v.display_name for v in versions.active_version_id),
                    self.env._("Yes") if masked or not doors else self.env._("No"),
                    kept,
                    len(used),
                ]
            )
        titles = [
            self.env._("Use"),
            self.env._("Purpose"),
            self.env._("Personal Data"),
            self.env._("Who Decides"),
            self.env._("Who Answers"),
            self.env._("Models of the Period"),
            self.env._("Prompt in Use"),
            self.env._("Personal Data Hidden"),
            self.env._("Texts Kept"),
            self.env._("Answers"),
        ]
        return Sheet(self.env._("Systems"), titles, rows)

    def _get_use_sheet(self, calls) -> Sheet:
        """Figures per use and model."""
        groups: dict = {}
        for call in calls:
            who = call.model or self.env._("Rules")
            groups.setdefault((call.feature_id, who), []).append(call)
        rows = []
        for (feature, who), members in groups.items():
            words = [call.decision for call in members]
            done = [call.duration_ms for call in members if call.state == "done"]
            rows.append(
                [
                    feature.name,
                    who,
                    len(members),
                    words.count("accepted"),
                    words.count("edited"),
                    words.count("dismissed"),
                    sum(call.tokens_in + call.tokens_out for call in members),
                    round(sum(call.cost for call in members), 6),
                    round(sum(done) / len(done)) if done else 0,
                ]
            )
        titles = [
            self.env._("Use"),
            self.env._("Model"),
            self.env._("Answers"),
            self.env._("Kept"),
            self.env._("Changed"),
            self.env._("Dismissed"),
            self.env._("Tokens"),
            self.env._("Cost"),
            self.env._("Mean Time (ms)"),
        ]
        return Sheet(self.env._("Use"), titles, rows)

    def _get_answers_sheet(self, calls) -> Sheet:
        """One row per answer, without any text."""
        states = dict(calls._fields["state"]._description_selection(self.env))
        decisions = dict(calls._fields["decision"]._description_selection(self.env))
        rows = [
            [
                fields.Datetime.to_string(call.create_date),
                call.user_id.name,
                call.feature_id.name,
                f"{call.res_model}/{call.res_id}" if call.res_model else "",
                states[call.state],
                call.model or (call.answered_by and self.env._("Rules")) or "",
                call.prompt_version_id.display_name or "",
                decisions.get(call.decision, ""),
                call.decided_by_id.name or "",
                call.fallback_reason or "",
                call.cost,
                fields.Date.to_string(call.purge_date) if call.purge_date else "",
            ]
            for call in calls
        ]
        titles = [
            self.env._("Date (UTC)"),
            self.env._("Asked By"),
            self.env._("Use"),
            self.env._("Record"),
            self.env._("State"),
            self.env._("Model"),
            self.env._("Prompt"),
            self.env._("Decision"),
            self.env._("Decided By"),
            self.env._("Why the Rules"),
            self.env._("Cost"),
            self.env._("Texts Removed On"),
        ]
        return Sheet(self.env._("Answers"), titles, rows)
