from base64 import b64decode
from decimal import Decimal

from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from odoo import models
from odoo.tools import is_html_empty

from ..lib.offers import GROUP, LIST, Offer, find, walk
from ..lib.values import Value


class CrmDocumentValues(models.AbstractModel):
    """What templates may ask for, per kind of record, and the answers.

    A glue addon adds a kind of record in `_get_kinds`, names its families in
    `_get_families`, finds its people in `_find_parties`, and gives each family one
    method ``_family_<name>`` that returns (label, rows). A row is a tuple of an
    `Offer` and a function from the record of the family to the raw value; the rows
    of a list are rows of their own. Nothing that is not in a row can be read by a
    template.
    """

    _name = "crm.document.values"
    _description = "Values of Documents"

    # === Hooks === #

    def _get_kinds(self):
        """Return {model: label} of the records that documents are made for."""
        return {"res.partner": self.env._("Contact")}

    def _get_families(self, model):
        """Return the names of the families offered for a model, in their order."""
        return ["client", "contact", "entreprise", "utilisateur", "dates"]

    def _find_parties(self, record):
        """Return {family: record} for one record; families without one are empty."""
        partner = record if record._name == "res.partner" else record.partner_id
        company = self._find_company(record)
        client = partner.commercial_partner_id
        contact = partner if partner != client else partner._find_main_contact()
        return {
            "client": client,
            "contact": contact or (partner if not partner.is_company else contact),
            "entreprise": company,
            "utilisateur": self.env.user,
            "dates": company,
        }

    def _find_company(self, record):
        """Return the company a document of this record is written by."""
        company = record.company_id if "company_id" in record._fields else None
        return company or self.env.company

    # === The tree === #

    def _get_offers(self, model):
        """Return the tree of names for templates of a model."""
        offers = []
        for name in self._get_families(model):
            label, rows = self._get_family(name)
            children = tuple(self._strip(row) for row in rows)
            offers.append(Offer(name, label, GROUP, children=children))
        return tuple(offers)

    def _get_family(self, name):
        return getattr(self, f"_family_{name}")()

    def _strip(self, row):
        offer = row[0]
        if offer.kind != LIST:
            return offer
        children = tuple(self._strip(inner) for inner in row[2])
        return Offer(
            offer.code,
            offer.label,
            LIST,
            is_optional=offer.is_optional,
            children=children,
            row=offer.row,
        )

    def _get_values(self, record, locale):
        """Return the tree of values of one record, read with the user's rights.

        :param locale: language of amounts and dates, as ``fr_FR``
        """
        record.ensure_one()
        # Screens read sizes in the place of files.
        record = record.with_context(bin_size=False)
        installed = dict(self.env["res.lang"].get_installed())
        if locale in installed:
            record = record.with_context(lang=locale)
        parties = record.env["crm.document.values"]._find_parties(record)
        values = {}
        for name in self._get_families(record._name):
            _label, rows = self._get_family(name)
            values[name] = self._read_rows(rows, parties.get(name), locale)
        return values

    def _read_rows(self, rows, record, locale):
        result = {}
        for offer, read, *inner in rows:
            raw = read(record) if record else None
            if offer.kind == LIST:
                result[offer.code] = tuple(
                    self._read_rows(inner[0], item, locale) for item in raw or ()
                )
            else:
                result[offer.code] = self._write_value(offer.kind, raw, locale)
        return result

    def _describe(self, offers):
        """Return the function path -> (label, may be empty) of a tree."""
        scope = {offer.code: offer for offer in offers}

        def describe(path):
            offer = find(scope, path, through_lists=True)
            if offer is None:
                return ".".join(path), False
            return offer.label, offer.is_optional

        return describe

    def _get_picker(self, model):
        """Return the families and their names for the picker, ready for JSON."""
        families = []
        for offer in self._get_offers(model):
            items = [
                {
                    "path": path,
                    "label": found.label,
                    "kind": found.kind,
                    "row": found.row,
                    "columns": [
                        {"code": c.code, "label": c.label, "kind": c.kind}
                        for c in found.children
                        if not c.is_optional
                    ],
                }
                for path, found in walk(offer.children, f"{offer.code}.")
                if found.kind != GROUP
            ]
            families.append({"name": offer.code, "label": offer.label, "items": items})
        return families

    # === Writing one value === #

    def _write_value(self, kind, raw, locale):
        """Return the `Value` of what was read; nothing read is an empty one."""
        if kind == "image":
            return Value(kind=kind, image=b64decode(raw) if raw else b"")
        if kind == "money":
            return self._write_money(raw, locale)
        if raw is None or raw is False:
            return Value(kind=kind)
        if kind == "number":
            number = Decimal(str(raw))
            text = format_decimal(number, "#,##0.###", locale=self._locale(locale))
            return Value(text, number, kind)
        if kind == "date":
            return Value(self._write_date(raw, locale), raw.isoformat(), kind)
        if kind == "html":
            return Value("" if is_html_empty(raw) else str(raw), kind=kind)
        return Value(str(raw).strip(), kind=kind)

    def _write_money(self, raw, locale):
        """:param raw: (amount, currency) or nothing"""
        if not raw or not raw[1]:
            return Value(kind="money")
        amount, currency = raw
        number = Decimal(str(currency.round(amount)))
        text = format_currency(number, currency.name, locale=self._locale(locale))
        return Value(text, number, "money")

    def _write_date(self, day, locale):
        """Return a date in words; the first of the month has its own word in French."""
        text = format_date(day, "d MMMM yyyy", locale=self._locale(locale))
        if locale.startswith("fr") and day.day == 1:
            text = f"1er {text.partition(' ')[2]}"
        return text

    def _locale(self, locale):
        try:
            format_decimal(1, locale=locale)
        except (UnknownLocaleError, ValueError):
            return "fr_FR"
        return locale
