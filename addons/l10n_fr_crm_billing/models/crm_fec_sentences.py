"""What the screen says of each case the checker reports (`lib/fec/findings.py`).

Each sentence is called with the environment and the values of the finding.
"""

SENTENCES = {
    "name_pattern": lambda env, p: env._(
        "The name of the file must be the SIREN, FEC and the closing date: "
        "732829320FEC20261231.txt."
    ),
    "name_date": lambda env, p: env._(
        "The closing date in the name of the file is not a day of the calendar."
    ),
    "name_siren": lambda env, p: env._(
        "The SIREN %(siren)s in the name of the file is not a valid one.", **p
    ),
    "encoding_utf16": lambda env, p: env._(
        "The file is written in UTF-16. Save it in UTF-8 or ISO 8859-15."
    ),
    "encoding_bom": lambda env, p: env._(
        "The file begins with a byte order mark. Save it in UTF-8 without BOM."
    ),
    "encoding_mixed": lambda env, p: env._(
        "This line is not in the same character set as the rest of the file."
    ),
    "encoding_windows": lambda env, p: env._(
        "This line has characters of Windows (typographic quotes, dashes, euro) that "
        "are not in ISO 8859-15."
    ),
    "encoding_control": lambda env, p: env._(
        "The line has invisible control characters."
    ),
    "file_xml": lambda env, p: env._(
        "This is an XML file: only the flat format with separators is checked here."
    ),
    "file_empty": lambda env, p: env._("The file has no entry."),
    "line_long": lambda env, p: env._(
        "A line has more than a million characters: this is not an accounting file."
    ),
    "separator_semicolon": lambda env, p: env._(
        "Fields are separated by semicolons. Only the tab and the vertical bar are "
        "allowed."
    ),
    "separator_unknown": lambda env, p: env._(
        "No separator found in the first line: a tab or a vertical bar is expected."
    ),
    "header_missing": lambda env, p: env._(
        "The first line must hold the names of the fields."
    ),
    "header_spelling": lambda env, p: env._(
        "The field is written %(written)s, the law writes it %(name)s.", **p
    ),
    "header_twice": lambda env, p: env._("The field %(name)s appears twice.", **p),
    "columns_missing": lambda env, p: env._("The field %(name)s is missing.", **p),
    "columns_order": lambda env, p: env._("The fields are not in the lawful order."),
    "row_width": lambda env, p: env._(
        "The line has %(found)s fields, %(expected)s are expected.", **p
    ),
    "row_blank": lambda env, p: env._("The line is empty."),
    "line_break": lambda env, p: env._("There is a line break inside a field."),
    "line_mixed": lambda env, p: env._(
        "From this line on, lines do not end like the first ones."
    ),
    "date_shape": lambda env, p: env._(
        "%(value)s is not a date written YYYYMMDD.", **p
    ),
    "date_calendar": lambda env, p: env._(
        "%(value)s is not a day of the calendar.", **p
    ),
    "number_point": lambda env, p: env._(
        "%(value)s: decimals come after a comma, not after a point.", **p
    ),
    "number_thousands": lambda env, p: env._(
        "%(value)s: no thousands separator is allowed.", **p
    ),
    "number_shape": lambda env, p: env._("%(value)s is not an amount.", **p),
    "number_space": lambda env, p: env._(
        '"%(value)s": there are spaces around the amount.', **p
    ),
    "number_zeros": lambda env, p: env._(
        "%(value)s: there are useless zeros before the amount.", **p
    ),
    "value_missing": lambda env, p: env._("The field must be filled."),
    "amount_missing": lambda env, p: env._("The amount is blank: write 0,00."),
    "account_digits": lambda env, p: env._(
        "The account %(value)s does not begin with three digits of the chart of "
        "accounts.",
        **p,
    ),
    "account_labels": lambda env, p: env._(
        "The account %(account)s has two labels: %(first)s and %(second)s.", **p
    ),
    "journal_labels": lambda env, p: env._(
        "The journal %(journal)s has two labels: %(first)s and %(second)s.", **p
    ),
    "aux_incomplete": lambda env, p: env._(
        "The number and the label of the auxiliary account go together."
    ),
    "value_placeholder": lambda env, p: env._(
        '"%(value)s" says nothing: write the real reference or label.', **p
    ),
    "amount_both": lambda env, p: env._("Debit and credit are both filled."),
    "amount_none": lambda env, p: env._("Debit and credit are both zero."),
    "side_unknown": lambda env, p: env._(
        'The side "%(value)s" is neither D nor C, nor +1 nor -1.', **p
    ),
    "letter_no_date": lambda env, p: env._(
        "The matching code %(code)s has no matching date.", **p
    ),
    "letter_no_code": lambda env, p: env._(
        "The matching date %(day)s has no matching code.", **p
    ),
    "letter_early": lambda env, p: env._(
        "The line is matched on %(letter)s, before its entry of %(day)s.", **p
    ),
    "currency_no_code": lambda env, p: env._(
        "The amount in currency %(value)s has no currency code.", **p
    ),
    "currency_no_amount": lambda env, p: env._(
        "The currency %(code)s has no amount in currency.", **p
    ),
    "currency_sign": lambda env, p: env._(
        "The amount in currency %(value)s has the wrong sign: positive for a debit, "
        "negative for a credit.",
        **p,
    ),
    "currency_code": lambda env, p: env._(
        "%(value)s is not a currency code of three letters.", **p
    ),
    "period_after": lambda env, p: env._(
        "The entry is dated %(day)s, after the closing date %(end)s.", **p
    ),
    "period_before": lambda env, p: env._(
        "The entry is dated %(day)s, before the beginning of the financial year "
        "%(start)s.",
        **p,
    ),
    "period_long": lambda env, p: env._(
        "The entries begin on %(day)s: the financial year would have %(days)s days.",
        **p,
    ),
    "valid_before": lambda env, p: env._(
        "The entry is validated on %(valid)s, before its own date %(day)s.", **p
    ),
    "valid_future": lambda env, p: env._(
        "The entry is validated on %(valid)s, a day still to come.", **p
    ),
    "valid_order": lambda env, p: env._(
        "Entry %(number)s of journal %(journal)s, validated on %(day)s, stands after "
        "entries validated on %(previous)s.",
        **p,
    ),
    "piece_late": lambda env, p: env._(
        "The document is dated %(piece)s, after the entry of %(day)s.", **p
    ),
    "other_separator": lambda env, p: env._(
        "The other lawful separator is inside the field: %(value)s", **p
    ),
    "quote_field": lambda env, p: env._("The field is between quotes: %(value)s", **p),
    "quote_inside": lambda env, p: env._(
        "There are quotes in the field: %(value)s", **p
    ),
    "balance_entry": lambda env, p: env._(
        "Entry %(number)s of journal %(journal)s is not balanced: debit %(debit)s, "
        "credit %(credit)s, difference %(difference)s.",
        **p,
    ),
    "balance_file": lambda env, p: env._(
        "The file is not balanced: debit %(debit)s, credit %(credit)s, difference "
        "%(difference)s.",
        **p,
    ),
    "balance_unknown": lambda env, p: env._(
        "The lines of an entry are too far from each other: not every entry could be "
        "balanced. Sort the file by entry and check it again."
    ),
    "sequence_gap": lambda env, p: (
        env._(
            "%(count)s number(s) missing in journal %(journal)s: from %(first)s to "
            "%(last)s.",
            **p,
        )
        if p["journal"]
        else env._(
            "%(count)s number(s) missing: from %(first)s to %(last)s.",
            **p,
        )
    ),
    "sequence_late": lambda env, p: env._(
        "The number %(number)s comes after higher numbers.", **p
    ),
    "sequence_none": lambda env, p: env._(
        "The number %(number)s of journal %(journal)s does not end with digits: no "
        "sequence can be followed.",
        **p,
    ),
    "sequence_unknown": lambda env, p: env._(
        "The numbers are in too great a disorder to find all the missing ones."
    ),
    "entry_dates": lambda env, p: env._(
        "Entry %(number)s of journal %(journal)s has two dates: %(day)s and "
        "%(other_day)s.",
        **p,
    ),
    "entry_again": lambda env, p: env._(
        "Entry %(number)s of journal %(journal)s comes back after it was complete: "
        "the number may have been used twice.",
        **p,
    ),
    "opening_late": lambda env, p: env._(
        "Opening balances (journal %(journal)s) come first in the file.", **p
    ),
    "opening_result": lambda env, p: env._(
        "Opening entry %(number)s has accounts of class 6 or 7.", **p
    ),
    "closing_entry": lambda env, p: env._(
        "Entry %(number)s of journal %(journal)s looks like the closing of income and "
        "expenses, which has no place in the file.",
        **p,
    ),
    "central_journal": lambda env, p: env._(
        "Journal %(journal)s looks like a centralisation (%(label)s), which has no "
        "place in the file.",
        **p,
    ),
}

RULES = {
    "NAME": lambda env: env._("Name of the file"),
    "SIREN": lambda env: env._("SIREN"),
    "ENCODING": lambda env: env._("Character set"),
    "CONTROL": lambda env: env._("Control characters"),
    "FORMAT": lambda env: env._("Kind of file"),
    "NOENTRY": lambda env: env._("Empty file"),
    "SEP": lambda env: env._("Field separator"),
    "HEADER": lambda env: env._("Names of the fields"),
    "COLUMNS": lambda env: env._("Missing fields"),
    "ORDER": lambda env: env._("Order of the fields"),
    "ROWLEN": lambda env: env._("Number of fields"),
    "BLANKLINE": lambda env: env._("Empty lines"),
    "LINEBREAK": lambda env: env._("Line breaks"),
    "DATEFMT": lambda env: env._("Shape of dates"),
    "DATECAL": lambda env: env._("Dates of the calendar"),
    "NUMFMT": lambda env: env._("Shape of amounts"),
    "EMPTY": lambda env: env._("Values missing"),
    "ACCOUNT": lambda env: env._("Account numbers"),
    "LABELS": lambda env: env._("Labels of journals and accounts"),
    "AUXILIARY": lambda env: env._("Auxiliary accounts"),
    "PLACEHOLDER": lambda env: env._("References that say nothing"),
    "DEBITCREDIT": lambda env: env._("Debit or credit"),
    "SIDE": lambda env: env._("Side of the amount"),
    "LETTER": lambda env: env._("Matching"),
    "CURRENCY": lambda env: env._("Foreign currency"),
    "PERIOD": lambda env: env._("Financial year"),
    "VALIDBEFORE": lambda env: env._("Validated before the entry"),
    "FUTURE": lambda env: env._("Validated in the future"),
    "ORDERVALID": lambda env: env._("Order of validation"),
    "PIECEDATE": lambda env: env._("Date of the document"),
    "PIPE": lambda env: env._("Separator inside a field"),
    "QUOTE": lambda env: env._("Quotes"),
    "BALANCE": lambda env: env._("Balance"),
    "SEQUENCE": lambda env: env._("Continuous numbers"),
    "DUPLICATE": lambda env: env._("Number used twice"),
    "OPENING": lambda env: env._("Opening balances"),
    "CLOSING": lambda env: env._("Closing entries"),
    "CENTRAL": lambda env: env._("Centralisation"),
}

TOOL_KINDS = {
    "A": lambda env: env._("anomaly"),
    "E": lambda env: env._("error"),
    "O": lambda env: env._("mandatory field absent from the first line"),
    "S": lambda env: env._("additional field"),
    "V": lambda env: env._("value absent"),
}
