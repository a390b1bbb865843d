from decimal import Decimal

from odoo import fields, models
from odoo.tools import format_amount, format_date, format_datetime, formatLang

from ..lib.authorship import Signature, Step
from ..lib.comparison import choose_pair, compare
from ..lib.text_diff import compare_texts

LONG_TEXTS = ("name", "note")
ICONS = {
    "added": "fa-plus-circle",
    "removed": "fa-minus-circle",
    "changed": "fa-pencil",
    "same": "fa-equals",
}


class CrmQuoteComparison(models.AbstractModel):
    """Two versions side by side, in words and amounts of the reader's language.

    ``lib/comparison.py`` decides what changed; here it is only said.
    """

    _name = "crm.quote.comparison"
    _description = "Comparison of two Versions of a Quotation"

    def _get_screen(self, order, left=None, right=None):
        """Return the comparison as HTML and the versions one may choose.

        :return: dict ``html``, ``left``, ``right``, ``choices``, ``change_count``
        """
        choices = self._get_choices(order)
        numbers = [choice["number"] for choice in choices]
        left, right = choose_pair(numbers, left, right)
        screen = {
            "name": order.name,
            "choices": choices,
            "left": left,
            "right": right,
            "html": "",
            "change_count": 0,
        }
        if left is None or right is None:
            return screen
        view = self._prepare_view(order, left, right)
        html = self.env["ir.qweb"]._render("crm_quotes.comparison_body", {"view": view})
        return {**screen, "html": html, "change_count": view["count"]}

    def _get_choices(self, order):
        """Return ``{number, label}``, the oldest first; 0 is the quotation as it is."""
        # sudo: the versions of a quotation the caller may read
        versions = order.sudo().quote_version_ids.sorted("number")
        choices = [
            {
                "number": version.number,
                "label": f"{version.label} · {self._day(version.taken_at)}",
            }
            for version in versions
        ]
        last = versions[-1:]
        if not last or not order._is_version_current(last):
            choices.append({"number": 0, "label": self.env._("Now")})
        return choices

    def _prepare_view(self, order, left, right):
        """Return what the templates show of the comparison of two numbers."""
        before, after = self._get_side(order, left), self._get_side(order, right)
        steps = self._get_steps(order, left, right)
        found = compare(before["quote"], after["quote"], steps)
        self = self.with_context(quote_currency_id=after["currency"].id)
        labels = order._get_quote_labels()
        rows = [self._say_row(row, labels) for row in found.rows]
        terms = [self._say_change(change, labels) for change in found.terms]
        return {
            "order": order,
            "left": before,
            "right": after,
            "count": len(found.changes),
            "added": found.count("added"),
            "removed": found.count("removed"),
            "changed": found.count("changed"),
            "moved": found.moved_count,
            "rows": rows,
            "same": sum(row["kind"] == "same" for row in rows),
            "terms": terms,
            "totals": [self._say_total(total) for total in found.totals],
        }

    def _get_side(self, order, number):
        if not number:
            return {
                "number": 0,
                "label": self.env._("Now"),
                "who": "",
                "when": "",
                "reason": self.env._("As it is now"),
                "quote": order._prepare_quote(),
                "currency": order.currency_id,
            }
        version = order._find_quote_version(number)
        reasons = dict(version._fields["reason"]._description_selection(self.env))
        return {
            "number": number,
            "label": version.label,
            "who": version.author,
            "when": self._moment(version.taken_at),
            "reason": reasons[version.reason],
            "quote": version._get_quote(),
            "currency": version.currency_id,
        }

    def _get_steps(self, order, left, right):
        """Return the versions after ``left`` up to ``right``, the oldest first."""
        versions = order.sudo().quote_version_ids.sorted("number")
        wanted = versions.filtered(
            lambda version: (
                left < version.number and (not right or version.number <= right)
            )
        )
        steps = [version._get_step() for version in wanted]
        if not right:
            steps.append(self._get_step_now(order))
        return steps

    def _get_step_now(self, order):
        """Return the edits that no version holds yet as one more step."""
        # sudo: who edits is noted on a field of the quotation
        edited = order.sudo()
        signature = Signature(
            edited.write_uid.name or "", order._iso(edited.write_date)
        )
        return Step(order._prepare_quote(), signature, edited.quote_edits or {})

    # In words

    def _say_row(self, row, labels):
        signature = next((change.signature for change in row.changes), None)
        return {
            "kind": row.kind,
            "icon": ICONS[row.kind],
            "title": self._get_titles()[row.kind],
            "is_moved": row.is_moved,
            "before": self._say_line(row.before),
            "after": self._say_line(row.after),
            "is_text": (row.after or row.before)["kind"] != "line",
            "changed": {change.name for change in row.changes},
            "changes": [
                self._say_change(change, labels)
                for change in row.changes
                if change.kind == "changed"
            ],
            **self._say_signature(signature),
        }

    def _get_titles(self):
        return {
            "added": self.env._("Line added"),
            "removed": self.env._("Line removed"),
            "changed": self.env._("Line changed"),
            "same": self.env._("Unchanged"),
        }

    def _say_line(self, line):
        if not line:
            return None
        said = {name: self._say(name, line.get(name)) for name in line}
        if line.get("discount") == "0":
            said["discount"] = ""
        return {**said, "kind": line["kind"], "name": line["name"]}

    def _say_change(self, change, labels):
        texts = (str(change.before or ""), str(change.after or ""))
        return {
            "name": change.name,
            "label": labels.get(change.name, change.name),
            "before": self._say(change.name, change.before),
            "after": self._say(change.name, change.after),
            "pieces": compare_texts(*texts) if change.name in LONG_TEXTS else None,
            **self._say_signature(change.signature),
        }

    def _say_signature(self, signature):
        if not signature:
            return {"who": "", "when": ""}
        moment = fields.Datetime.to_datetime(signature.at.replace("T", " ").rstrip("Z"))
        return {"who": signature.by, "when": self._moment(moment)}

    def _say(self, name, value):
        """Return a value as a reader expects it."""
        if isinstance(value, dict):
            return value.get("text", "")
        if isinstance(value, list):
            return ", ".join(item.get("text", "") for item in value)
        if not value:
            return ""
        if name in ("price_unit", "subtotal"):
            return self._money(value)
        if name in ("quantity", "discount"):
            number = formatLang(self.env, float(value), _decimals(value))
            return f"{number}\N{NO-BREAK SPACE}%" if name == "discount" else number
        if name == "validity_date":
            return format_date(self.env, value)
        return value

    def _say_total(self, total):
        titles = {
            "untaxed": self.env._("Untaxed amount"),
            "tax": self.env._("Taxes"),
            "total": self.env._("Total"),
        }
        difference = self._money(total.difference)
        sign = "+" if total.difference > 0 else ""
        return {
            "name": total.name,
            "label": titles[total.name],
            "before": self._money(total.before),
            "after": self._money(total.after),
            "difference": f"{sign}{difference}",
            "trend": (total.difference > 0) - (total.difference < 0),
        }

    def _money(self, value):
        currency_id = self.env.context["quote_currency_id"]
        currency = self.env["res.currency"].browse(currency_id)
        exact = Decimal(value)
        if exact != round(exact, currency.decimal_places):
            # A unit price may have more decimals than its currency.
            number = formatLang(self.env, float(exact), _decimals(str(value)))
            return f"{number}\N{NO-BREAK SPACE}{currency.symbol}"
        # amounts of core's own screens, minus the invisible mark after the sign
        text = format_amount(self.env, float(exact), currency)
        return text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")

    def _moment(self, moment):
        return format_datetime(self.env, moment, tz=self._get_zone(), dt_format="short")

    def _day(self, moment):
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_zone()), moment
        )
        return format_date(self.env, local.date())

    def _get_zone(self):
        """Return the reader's zone; a visitor has none, the company's is used."""
        company = self.env.company
        return self.env.context.get("tz") or company.partner_id.tz or "Europe/Paris"

    # One version

    def _render_version(self, version):
        """Return the content of one version as HTML."""
        if not version.content:
            return ""
        self = self.with_context(quote_currency_id=version.currency_id.id)
        quote = version._get_quote()
        labels = version.order_id._get_quote_labels()
        values = {
            "lines": [self._say_line(line) for line in quote["lines"]],
            "terms": [
                (labels.get(name, name), self._say(name, value))
                for name, value in quote["order"].items()
                if value and name != "currency"
            ],
            "totals": {
                name: self._money(value) for name, value in quote["totals"].items()
            },
        }
        return self.env["ir.qweb"]._render("crm_quotes.version_body", values)


def _decimals(text):
    """Return the number of decimals that a canonical number has."""
    return len(text.partition(".")[2])
