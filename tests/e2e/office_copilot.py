"""Records of the copilot to try the roles on."""


def make_copilot_subjects(office, subject, lead: int) -> dict:
    """What the copilot keeps of the seller's deal, and windows of the administrator.

    :param subject: the class of a record to try things on
    """
    boss = office.business.rpc
    action = {
        "lead_id": lead,
        "kind": "call",
        "reason": "Appeler",
        "due_on": "2026-03-02",
    }
    action_id = _put_in(office, "crm_next_action", action, state="proposed")
    suggestion = {"lead_id": lead, "kind": "mood", "evidence": "Je suis déçu."}
    pulse = {"lead_id": lead, "seen_on": "2026-03-02"}
    office.site.sql(f"DELETE FROM crm_deal_pulse WHERE lead_id = {lead}")
    return {
        **_make_windows(boss, subject, lead, action_id),
        **_make_company_subjects(office, subject, lead),
        "proposal of a product": _make_upsell(office, subject),
        "next action": subject(
            "crm.next.action", action_id, action, {"state": "accepted"}
        ),
        "remembered probability": subject(
            "crm.deal.pulse",
            _put_in(office, "crm_deal_pulse", pulse),
            pulse,
            {"probability": 3},
        ),
        "suggestion of the copilot": subject(
            "crm.ai.suggestion",
            _put_in(office, "crm_ai_suggestion", suggestion, state="proposed"),
            suggestion,
            {"state": "accepted"},
        ),
    }


def _make_company_subjects(office, subject, lead: int) -> dict:
    """What the administrator keeps for the company."""
    boss, company = office.business.rpc, office.business.company_id
    rule = {
        "name": "Silence",
        "reason": "Silence de {silence}",
        "company_id": company,
    }
    rule_id = boss.create("crm.next.action.rule", **rule)
    batch = {"name": "Relances", "company_id": company}
    batch_id = boss.create("crm.follow.up.batch", **batch)
    line = {"batch_id": batch_id, "lead_id": lead}
    analysis = boss.call("crm.pipeline.analysis", "ask_question", "pipeline")
    return {
        "rule of next actions": subject(
            "crm.next.action.rule", rule_id, rule, {"due_days": 2}
        ),
        "analysis of the pipeline": subject(
            "crm.pipeline.analysis",
            analysis["id"],
            {"question": "x", "company_id": company},
            {"question": "y"},
        ),
        "batch of follow-ups": subject(
            "crm.follow.up.batch", batch_id, batch, {"name": "Autres relances"}
        ),
        "follow-up of a deal": subject(
            "crm.follow.up.line",
            boss.create("crm.follow.up.line", **line),
            line,
            {"subject": "Objet"},
        ),
    }


def _make_windows(boss, subject, lead: int, action: int) -> dict:
    """Windows of the administrator."""
    visit, dismissal = {"lead_id": lead}, {"action_id": action}
    return {
        "log of a visit": subject(
            "crm.visit.log",
            boss.create("crm.visit.log", **visit),
            visit,
            {"note": "x"},
        ),
        "dismissal of a next action": subject(
            "crm.next.action.dismiss",
            boss.create("crm.next.action.dismiss", **dismissal),
            dismissal,
            {"note": "x"},
        ),
    }


def _make_upsell(office, subject):
    """What the system proposed on a quotation to somebody else."""
    business = office.business
    order = business.rpc.create(
        "sale.order",
        partner_id=business.partner_id,
        company_id=business.company_id,
        user_id=office.user_ids["seller"],
    )
    product = office.site.admin.create("product.product", name="Maintenance")
    proposal = {"order_id": order, "product_id": product, "because_id": product}
    return subject(
        "crm.upsell.proposal",
        _put_in(office, "crm_upsell_proposal", proposal),
        proposal,
        {"support": 9},
    )


def _put_in(office, table: str, values: dict, **more) -> int:
    """Put in from below what the server alone writes."""
    values = {**values, **more, "create_uid": 1, "write_uid": 1}
    if table not in ("crm_deal_pulse", "crm_upsell_proposal"):
        values |= {
            "user_id": office.user_ids["seller"],
            "company_id": office.business.company_id,
        }
    names = ", ".join(values)
    told = ", ".join(
        str(value) if isinstance(value, int) else f"'{value}'"
        for value in values.values()
    )
    answer = office.site.sql(
        f"INSERT INTO {table} ({names}) VALUES ({told}) RETURNING id"
    )
    return int(answer.split()[0])
