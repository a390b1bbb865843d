import csv
import io

from odoo import fields, models

from ..lib.fec.findings import CASES
from ..lib.fec.writer import SEPARATOR

EXPORT_CHUNK = 1000


class CrmFecCheck(models.Model):
    """From the checker's report to records, and from records to a table."""

    _inherit = "crm.fec.check"

    def _store_report(self, report, texts: dict[int, bytes]):
        """Write the verdicts, the counts and the findings.

        :param texts: lines that the report only names by their number
        """
        self.ensure_one()
        self.finding_ids.unlink()
        self.rule_ids.unlink()
        self.write(self._prepare_result(report))
        rules = {}
        for case, count in report.counts.items():
            rules[CASES[case]] = rules.get(CASES[case], 0) + count
        self.env["crm.fec.rule"].create(
            [
                {
                    "check_id": self.id,
                    "rule": rule,
                    "severity": severity.value,
                    "count": count,
                }
                for (rule, severity), count in rules.items()
            ]
        )
        found = [
            (one, one.text or _show_line(texts.get(one.line, b"")))
            for one in report.findings
        ]
        keys = [_get_key(finding, text) for finding, text in found]
        moves = self._find_moves({key for key in keys if key})
        self.env["crm.fec.finding"].create(
            [
                self._prepare_finding(finding, text, moves.get(key))
                for (finding, text), key in zip(found, keys, strict=True)
            ]
        )

    def _prepare_result(self, report) -> dict:
        errors = sum(
            count
            for case, count in report.counts.items()
            if CASES[case][1].value == "error"
        )
        return {
            "state": "done",
            "verdict": report.verdict.value,
            "tool_verdict": report.tool_verdict.value,
            "tool_kinds": " ".join(report.tool_kinds),
            "error_count": errors,
            "warning_count": sum(report.counts.values()) - errors,
            "siren": report.siren,
            "date_closing": report.closing,
            "encoding": report.encoding,
            "line_count": report.line_count,
            "entry_count": report.entry_count,
            "debit": float(report.debit),
            "credit": float(report.credit),
            "checked_at": fields.Datetime.now(),
        }

    def _prepare_finding(self, finding, text: str, move_id: int | None) -> dict:
        return {
            "check_id": self.id,
            "case": finding.case,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "line": finding.line,
            "column": finding.column,
            "params": finding.params,
            "text": text.replace("\0", ""),
            "move_id": move_id,
        }

    def _find_moves(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return entry ids by (journal code, number).

        An uploaded file has no entries here: only exports have.
        """
        return {}

    def _iter_report_lines(self):
        """Yield the lines of the downloadable table, in the reader's language."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=";")
        writer.writerow(
            [
                self.env._("Line"),
                self.env._("Column"),
                self.env._("Severity"),
                self.env._("Rule"),
                self.env._("What is wrong"),
                self.env._("Content of the line"),
            ]
        )
        severities = dict(
            self.env["crm.fec.finding"]
            ._fields["severity"]
            ._description_selection(self.env)
        )
        yield "\ufeff" + buffer.getvalue()
        findings = self.finding_ids.sorted(lambda one: (one.line, one.id))
        for start in range(0, len(findings), EXPORT_CHUNK):
            buffer.seek(0)
            buffer.truncate()
            for one in findings[start : start + EXPORT_CHUNK]:
                writer.writerow(
                    [
                        one.line or "",
                        one.column or "",
                        severities[one.severity],
                        _defuse(one.rule_name),
                        _defuse(one.message),
                        _defuse(one.text or ""),
                    ]
                )
            yield buffer.getvalue()


def _get_key(finding, text: str) -> tuple[str, str] | None:
    """Return the journal code and the number of the entry a finding is about."""
    params = finding.params
    if params.get("number") and params.get("journal"):
        return params["journal"], params["number"]
    parts = text.split(SEPARATOR)
    return (parts[0], parts[2]) if len(parts) > 2 else None


def _show_line(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("iso8859-15")
    return text[:500]


def _defuse(text: str) -> str:
    """A spreadsheet must not run what somebody wrote in an accounting file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
