"""Records of the scores to try the roles on."""

import json


def make_scoring_subjects(office, subject, lead: int) -> dict:
    """A version, a criterion and what the engine keeps of the seller's deal.

    :param subject: the class of a record to try things on
    """
    boss, company = office.business.rpc, office.business.company_id
    criterion = {
        "name": "Salon",
        "points": 5,
        "domain": "[('name', 'ilike', 'salon')]",
        "company_id": company,
    }
    part = {"kind": "constant", "intercept": 0.0, "features": [], "trees": None}
    model = {"version": 1, "kind": "constant", "stage": None, "horizon": None}
    content = json.dumps({**model, "parts": {"after": part}})
    version_id = _insert(
        office,
        "crm_score_model (company_id, number, state, trained_at, content)",
        f"({company}, 1, 'retired', now(), '{content}')",
    )
    client = office.business.partner_id
    office.site.sql(f"DELETE FROM crm_score_client WHERE partner_id = {client}")
    score_id = _insert(
        office,
        "crm_score_client (partner_id, company_id, score, temperature)",
        f"({client}, {company}, 40, 'warm')",
    )
    seller = office.user_ids["seller"]
    notice_id = _insert(
        office,
        "crm_score_notice (user_id, company_id, day, lead_count)",
        f"({seller}, {company}, '2026-03-02', 2)",
    )
    office.site.sql(f"DELETE FROM crm_score_pending WHERE lead_id = {lead}")
    pending_id = _insert(office, "crm_score_pending (lead_id)", f"({lead})")
    version = {"company_id": company, "number": 9, "trained_at": "2026-03-02 08:00:00"}
    return {
        "version of the score": subject(
            "crm.score.model", version_id, version, {"state": "live"}
        ),
        "criterion of the score": subject(
            "crm.score.criterion",
            boss.create("crm.score.criterion", **criterion),
            criterion,
            {"points": 7},
        ),
        "score of a client": subject(
            "crm.score.client",
            score_id,
            {"partner_id": client, "company_id": company},
            {"score": 100},
        ),
        "notice of hot deals": subject(
            "crm.score.notice",
            notice_id,
            {"user_id": seller, "company_id": company, "day": "2026-03-03"},
            {"lead_count": 9},
        ),
        "deal that waits for its score": subject(
            "crm.score.pending", pending_id, {"lead_id": lead}, {"lead_id": lead}
        ),
    }


def _insert(office, into: str, values: str) -> int:
    """Write a row that nobody but the engine writes; return its id."""
    answer = office.site.sql(f"INSERT INTO {into} VALUES {values} RETURNING id")
    return int(answer.split()[0])
