"""Records of the quotations to try the roles on."""


def make_quote_subjects(office, subject) -> dict:
    """A quotation of the seller with a version, and windows of the administrator.

    :param subject: the class of a record to try things on
    """
    boss, company = office.business.rpc, office.business.company_id
    order = boss.create(
        "sale.order",
        partner_id=office.business.partner_id,
        company_id=company,
        user_id=office.user_ids["seller"],
        order_line=[(0, 0, {"display_type": "line_note", "name": "Remise"})],
    )
    boss.call("sale.order", "action_quotation_sent", [order])
    (version,) = boss.search("crm.quote.version", ("order_id", "=", order))
    (event,) = boss.search("crm.quote.event", ("order_id", "=", order))
    window = {"order_id": order}
    window_id = boss.create("crm.quote.sign", **window)
    line = {"wizard_id": window_id, "name": "Marie"}
    return {
        "version of a quotation": subject(
            "crm.quote.version",
            version,
            {"order_id": order, "number": 9},
            {"note": "X"},
        ),
        "follow-up of a quotation": subject(
            "crm.quote.event",
            event,
            {"order_id": order, "kind": "sent"},
            {"who": "X"},
        ),
        "sending of a quotation for signature": subject(
            "crm.quote.sign", window_id, window, {"level": "simple"}
        ),
        "signer of a quotation": subject(
            "crm.quote.sign.line",
            boss.create("crm.quote.sign.line", **line),
            line,
            {"name": "X"},
        ),
    }
