"""What the screen says of each case the checker reports (`lib/fec/findings.py`).

Each sentence is called with the translator and the values of the finding.
"""

SENTENCES = {
    "name_pattern": lambda _, p: _(
        "The name of the file must be the SIREN, FEC and the closing date: "
        "732829320FEC20261231.txt."
    ),
    "name_date": lambda _, p: _(
        "The closing date in the name of the file is not a day of the calendar."
    ),
    "name_siren": lambda _, p: _(
        "The SIREN %(siren)s in the name of the file is not a valid one.", **p
    ),
    "encoding_utf16": lambda _, p: _(
        "The file is written in UTF-16. Save it in UTF-8 or ISO 8859-15."
    ),
    "encoding_bom": lambda _, p: _(
        "The file begins with a byte order mark. Save it in UTF-8 without BOM."
    ),
    "encoding_mixed": lambda _, p: _(
        "This line is not in the same character set as the rest of the file."
    ),
    "encoding_windows": lambda _, p: _(
        "This line has characters of Windows (typographic quotes, dashes, euro) that "
        "are not in ISO 8859-15."
    ),
    "encoding_control": lambda _, p: _("The line has invisible control characters."),
    "file_xml": lambda _, p: _(
        "This is an XML file: only the flat format with separators is checked here."
    ),
    "file_empty": lambda _, p: _("The file has no entry."),
    "line_long": lambda _, p: _(
        "A line has more than a million characters: this is not an accounting file."
    ),
    "separator_semicolon": lambda _, p: _(
        "Fields are separated by semicolons. Only the tab and the vertical bar are "
        "allowed."
    ),
    "separator_unknown": lambda _, p: _(
        "No separator found in the first line: a tab or a vertical bar is expected."
    ),
    "header_missing": lambda _, p: _(
        "The first line must hold the names of the fields."
    ),
    "header_spelling": lambda _, p: _(
        "The field is written %(written)s, the law writes it %(name)s.", **p
    ),
    "header_twice": lambda _, p: _("The field %(name)s appears twice.", **p),
    "columns_missing": lambda _, p: _("The field %(name)s is missing.", **p),
    "columns_order": lambda _, p: _("The fields are not in the lawful order."),
    "row_width": lambda _, p: _(
        "The line has %(found)s fields, %(expected)s are expected.", **p
    ),
    "row_blank": lambda _, p: _("The line is empty."),
    "line_break": lambda _, p: _("There is a line break inside a field."),
    "line_mixed": lambda _, p: _(
        "From this line on, lines do not end like the first ones."
    ),
    "date_shape": lambda _, p: _("%(value)s is not a date written YYYYMMDD.", **p),
    "date_calendar": lambda _, p: _("%(value)s is not a day of the calendar.", **p),
    "number_point": lambda _, p: _(
        "%(value)s: decimals come after a comma, not after a point.", **p
    ),
    "number_thousands": lambda _, p: _(
        "%(value)s: no thousands separator is allowed.", **p
    ),
    "number_shape": lambda _, p: _("%(value)s is not an amount.", **p),
    "number_space": lambda _, p: _(
        '"%(value)s": there are spaces around the amount.', **p
    ),
    "number_zeros": lambda _, p: _(
        "%(value)s: there are useless zeros before the amount.", **p
    ),
    "value_missing": lambda _, p: _("The field must be filled."),
    "amount_missing": lambda _, p: _("The amount is blank: write 0,00."),
    "account_digits": lambda _, p: _(
        "The account %(value)s does not begin with three digits of the chart of "
        "accounts.",
        **p,
    ),
    "account_labels": lambda _, p: _(
        "The account %(account)s has two labels: %(first)s and %(second)s.", **p
    ),
    "journal_labels": lambda _, p: _(
        "The journal %(journal)s has two labels: %(first)s and %(second)s.", **p
    ),
    "aux_incomplete": lambda _, p: _(
        "The number and the label of the auxiliary account go together."
    ),
    "value_placeholder": lambda _, p: _(
        '"%(value)s" says nothing: write the real reference or label.', **p
    ),
    "amount_both": lambda _, p: _("Debit and credit are both filled."),
    "amount_none": lambda _, p: _("Debit and credit are both zero."),
    "side_unknown": lambda _, p: _(
        'The side "%(value)s" is neither D nor C, nor +1 nor -1.', **p
    ),
    "letter_no_date": lambda _, p: _(
        "The matching code %(code)s has no matching date.", **p
    ),
    "letter_no_code": lambda _, p: _(
        "The matching date %(day)s has no matching code.", **p
    ),
    "letter_early": lambda _, p: _(
        "The line is matched on %(letter)s, before its entry of %(day)s.", **p
    ),
    "currency_no_code": lambda _, p: _(
        "The amount in currency %(value)s has no currency code.", **p
    ),
    "currency_no_amount": lambda _, p: _(
        "The currency %(code)s has no amount in currency.", **p
    ),
    "currency_sign": lambda _, p: _(
        "The amount in currency %(value)s has the wrong sign: positive for a debit, "
        "negative for a credit.",
        **p,
    ),
    "currency_code": lambda _, p: _(
        "%(value)s is not a currency code of three letters.", **p
    ),
    "period_after": lambda _, p: _(
        "The entry is dated %(day)s, after the closing date %(end)s.", **p
    ),
    "period_before": lambda _, p: _(
        "The entry is dated %(day)s, before the beginning of the financial year "
        "%(start)s.",
        **p,
    ),
    "period_long": lambda _, p: _(
        "The entries begin on %(day)s: the financial year would have %(days)s days.",
        **p,
    ),
    "valid_before": lambda _, p: _(
        "The entry is validated on %(valid)s, before its own date %(day)s.", **p
    ),
    "valid_future": lambda _, p: _(
        "The entry is validated on %(valid)s, a day still to come.", **p
    ),
    "valid_order": lambda _, p: _(
        "Entry %(number)s of journal %(journal)s, validated on %(day)s, stands after "
        "entries validated on %(previous)s.",
        **p,
    ),
    "piece_late": lambda _, p: _(
        "The document is dated %(piece)s, after the entry of %(day)s.", **p
    ),
    "other_separator": lambda _, p: _(
        "The other lawful separator is inside the field: %(value)s", **p
    ),
    "quote_field": lambda _, p: _("The field is between quotes: %(value)s", **p),
    "quote_inside": lambda _, p: _("There are quotes in the field: %(value)s", **p),
    "balance_entry": lambda _, p: _(
        "Entry %(number)s of journal %(journal)s is not balanced: debit %(debit)s, "
        "credit %(credit)s, difference %(difference)s.",
        **p,
    ),
    "balance_file": lambda _, p: _(
        "The file is not balanced: debit %(debit)s, credit %(credit)s, difference "
        "%(difference)s.",
        **p,
    ),
    "balance_unknown": lambda _, p: _(
        "The lines of an entry are too far from each other: not every entry could be "
        "balanced. Sort the file by entry and check it again."
    ),
    "sequence_gap": lambda _, p: _(
        "%(count)s number(s) missing in journal %(journal)s: from %(first)s to "
        "%(last)s.",
        **p,
    ),
    "sequence_late": lambda _, p: _(
        "The number %(number)s comes after higher numbers.", **p
    ),
    "sequence_none": lambda _, p: _(
        "The number %(number)s of journal %(journal)s does not end with digits: no "
        "sequence can be followed.",
        **p,
    ),
    "sequence_unknown": lambda _, p: _(
        "The numbers are in too great a disorder to find all the missing ones."
    ),
    "entry_dates": lambda _, p: _(
        "Entry %(number)s of journal %(journal)s has two dates: %(day)s and "
        "%(other_day)s.",
        **p,
    ),
    "entry_again": lambda _, p: _(
        "Entry %(number)s of journal %(journal)s comes back after it was complete: "
        "the number may have been used twice.",
        **p,
    ),
    "opening_late": lambda _, p: _(
        "Opening balances (journal %(journal)s) come first in the file.", **p
    ),
    "opening_result": lambda _, p: _(
        "Opening entry %(number)s has accounts of class 6 or 7.", **p
    ),
    "closing_entry": lambda _, p: _(
        "Entry %(number)s of journal %(journal)s looks like the closing of income and "
        "expenses, which has no place in the file.",
        **p,
    ),
    "central_journal": lambda _, p: _(
        "Journal %(journal)s looks like a centralisation (%(label)s), which has no "
        "place in the file.",
        **p,
    ),
}

RULES = {
    "NAME": lambda _: _("Name of the file"),
    "SIREN": lambda _: _("SIREN"),
    "ENCODING": lambda _: _("Character set"),
    "CONTROL": lambda _: _("Control characters"),
    "FORMAT": lambda _: _("Kind of file"),
    "NOENTRY": lambda _: _("Empty file"),
    "SEP": lambda _: _("Field separator"),
    "HEADER": lambda _: _("Names of the fields"),
    "COLUMNS": lambda _: _("Missing fields"),
    "ORDER": lambda _: _("Order of the fields"),
    "ROWLEN": lambda _: _("Number of fields"),
    "BLANKLINE": lambda _: _("Empty lines"),
    "LINEBREAK": lambda _: _("Line breaks"),
    "DATEFMT": lambda _: _("Shape of dates"),
    "DATECAL": lambda _: _("Dates of the calendar"),
    "NUMFMT": lambda _: _("Shape of amounts"),
    "EMPTY": lambda _: _("Values missing"),
    "ACCOUNT": lambda _: _("Account numbers"),
    "LABELS": lambda _: _("Labels of journals and accounts"),
    "AUXILIARY": lambda _: _("Auxiliary accounts"),
    "PLACEHOLDER": lambda _: _("References that say nothing"),
    "DEBITCREDIT": lambda _: _("Debit or credit"),
    "SIDE": lambda _: _("Side of the amount"),
    "LETTER": lambda _: _("Matching"),
    "CURRENCY": lambda _: _("Foreign currency"),
    "PERIOD": lambda _: _("Financial year"),
    "VALIDBEFORE": lambda _: _("Validated before the entry"),
    "FUTURE": lambda _: _("Validated in the future"),
    "ORDERVALID": lambda _: _("Order of validation"),
    "PIECEDATE": lambda _: _("Date of the document"),
    "PIPE": lambda _: _("Separator inside a field"),
    "QUOTE": lambda _: _("Quotes"),
    "BALANCE": lambda _: _("Balance"),
    "SEQUENCE": lambda _: _("Continuous numbers"),
    "DUPLICATE": lambda _: _("Number used twice"),
    "OPENING": lambda _: _("Opening balances"),
    "CLOSING": lambda _: _("Closing entries"),
    "CENTRAL": lambda _: _("Centralisation"),
}

TOOL_KINDS = {
    "A": lambda _: _("anomaly"),
    "E": lambda _: _("error"),
    "O": lambda _: _("mandatory field absent from the first line"),
    "S": lambda _: _("additional field"),
    "V": lambda _: _("value absent"),
}
