"""What the assistant keeps of a seller's questions, to try the roles on."""


def make_assistant_subjects(office, subject, lead: int) -> dict:
    """A question of the seller and a card under its answer, put in from below.

    :param subject: the class of a record to try things on
    """
    seller, company = office.user_ids["seller"], office.business.company_id
    turn, card = (
        int(office.site.sql(f"{row} RETURNING id").split()[0])
        for row in (
            "INSERT INTO crm_ai_assistant_turn (user_id, company_id, question, state)"
            f" VALUES ({seller}, {company}, 'Mes affaires', 'done')",
            "INSERT INTO crm_ai_assistant_proposal (turn_id, user_id, kind, res_model,"
            f" res_id, state) SELECT max(id), {seller}, 'call', 'crm.lead', {lead},"
            " 'proposed' FROM crm_ai_assistant_turn",
        )
    )
    question = {"user_id": seller, "company_id": company, "question": "x"}
    proposal = {"turn_id": turn, "user_id": seller, "kind": "call", "res_id": lead}
    return {
        "question to the assistant": subject(
            "crm.ai.assistant.turn", turn, question, {"question": "y"}
        ),
        "proposal of the assistant": subject(
            "crm.ai.assistant.proposal",
            card,
            {**proposal, "res_model": "crm.lead"},
            {"summary": "y"},
        ),
    }
