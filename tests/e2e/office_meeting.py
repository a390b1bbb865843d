"""A meeting of the seller's deal to try the roles on."""


def make_meeting_subjects(office, subject, lead: int) -> dict:
    """What a meeting left: its summary to review, a line of it, a recorded chunk.

    :param subject: the class of a record to try things on
    """
    summary = {"lead_id": lead, "name": "Réunion"}
    summary_id = office.business.rpc.create("crm.meeting.summary", **summary)
    office.site.sql(
        f"UPDATE crm_meeting_summary SET state = 'review' WHERE id = {summary_id}"
    )
    line = {"summary_id": summary_id, "kind": "rival", "text": "Concurrent"}
    chunk = {
        "summary_id": summary_id, "piece": 0, "sequence": 0,
        "mimetype": "audio/webm", "size_bytes": 1, "sha256": "x",
    }  # fmt: skip
    names = ", ".join([*chunk, "company_id"])
    told = f"{summary_id}, 0, 0, 'audio/webm', 1, 'x', {office.business.company_id}"
    row = f"INSERT INTO crm_meeting_chunk ({names}) VALUES ({told}) RETURNING id"
    chunk_id = int(office.site.sql(row).split()[0])
    return {
        "summary of a meeting": subject(
            "crm.meeting.summary", summary_id, summary, {"name": "Autre"}
        ),
        "line of a summary": subject(
            "crm.meeting.item",
            office.business.rpc.create("crm.meeting.item", **line),
            line,
            {"text": "x"},
        ),
        "chunk of a recording": subject(
            "crm.meeting.chunk", chunk_id, chunk, {"sha256": "y"}
        ),
    }
