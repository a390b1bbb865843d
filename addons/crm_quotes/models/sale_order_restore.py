from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..lib.comparison import compare
from .sale_order_content import QUOTED_TERMS
from .sale_order_line import QUOTED_FIELDS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _restore_quote_version(self, version):
        """Make the quotation say again what ``version`` says; it keeps its id.

        What it says now is kept first. Lines that still exist keep their id too.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("Only a quotation can be restored, not a confirmed order.")
            )
        if version.order_id != self:
            raise UserError(self.env._("This version is of another quotation."))
        self._keep_quote_version("restored")
        content = version._get_content()
        self.write(self._prepare_restored_terms(content))
        self.write({"order_line": self._prepare_restored_lines(content["quote"])})
        self._log_quote_event("restored", version=version)
        self._tell_restored(version)

    def _prepare_restored_terms(self, content):
        terms = content["quote"]["order"]
        values = {"note": content["note_html"]}
        for field_name, name in QUOTED_TERMS.items():
            if field_name in ("note", "currency_id"):
                continue
            field, value = self._fields[field_name], terms.get(name)
            if field.type == "many2one":
                self._check_restored_record(field.comodel_name, value)
                values[field_name] = value.get("id", False)
            else:
                values[field_name] = value or False
        today = fields.Date.to_string(fields.Date.context_today(self))
        if values["validity_date"] and values["validity_date"] < today:
            # The offer is made anew: a date in the past would refuse it at once.
            del values["validity_date"]
        return values

    def _prepare_restored_lines(self, quote):
        current = {line._get_quote_key(): line for line in self._get_quoted_lines()}
        commands = []
        for place, said in enumerate(quote["lines"], start=1):
            values = self._prepare_restored_line(said) | {"sequence": place * 10}
            line = current.pop(said["key"], None)
            if line and (line.display_type or "line") == said["kind"]:
                commands.append(Command.update(line.id, values))
                continue
            kind = False if said["kind"] == "line" else said["kind"]
            values |= {"display_type": kind, "quote_key": said["key"]}
            if not kind:
                # A price that was agreed is kept when the quantity changes.
                values["technical_price_unit"] = 0.0
            commands.append(Command.create(values))
        return [Command.delete(line.id) for line in current.values()] + commands

    def _prepare_restored_line(self, said):
        values = {"name": said["name"]}
        if said["kind"] != "line":
            return values
        self._check_restored_record("product.product", said["product"])
        names = {name: field_name for field_name, name in QUOTED_FIELDS.items()}
        values["product_id"] = said["product"].get("id", False)
        for name in ("quantity", "price_unit", "discount"):
            values[names[name]] = float(said[name])
        self._check_restored_record("uom.uom", said["uom"])
        values["product_uom_id"] = said["uom"].get("id", False)
        for tax in said["taxes"]:
            self._check_restored_record("account.tax", tax)
        values["tax_ids"] = [Command.set([tax["id"] for tax in said["taxes"]])]
        return values

    def _check_restored_record(self, model, said):
        """Refuse to restore what names a record that was deleted since."""
        # sudo: only whether it still exists
        if said and not self.env[model].sudo().browse(said["id"]).exists():
            raise UserError(
                self.env._(
                    "This version cannot be restored: %(name)s was deleted since.",
                    name=said["text"],
                )
            )

    def _tell_restored(self, version):
        """Say in the thread what was restored, and what could not be."""
        found = compare(version._get_quote(), self._prepare_quote())
        labels = self._get_quote_labels()
        left = dict.fromkeys(
            labels.get(change.name, change.name) for change in found.changes
        )
        if found.changes:
            body = self.env._(
                "Version %(label)s restored, except: %(names)s.",
                label=version.label,
                names=", ".join(filter(None, left)),
            )
        else:
            body = self.env._("Version %(label)s restored.", label=version.label)
        self.message_post(body=body)
