"""Two jobs that look at the same new deal at once propose each step once."""

OPEN_JOBS = """
SELECT 1 FROM queue_job WHERE state NOT IN ('done', 'cancelled', 'failed')
   AND method_name = '_job_refresh_next_actions'
"""
# A month without a word, and the copilot has never seen them.
NEW_AND_SILENT = """
DELETE FROM crm_next_action WHERE lead_id = ANY(%(ids)s);
DELETE FROM crm_deal_pulse WHERE lead_id = ANY(%(ids)s);
UPDATE crm_lead SET create_date = now() - interval '30 days',
       date_last_stage_update = now() - interval '30 days' WHERE id = ANY(%(ids)s);
UPDATE mail_message SET date = now() - interval '30 days'
 WHERE model = 'crm.lead' AND res_id = ANY(%(ids)s)
"""
PROPOSED = """
SELECT lead_id, rule_id, count(*) FROM crm_next_action
 WHERE lead_id = ANY(%s) AND state = 'proposed' GROUP BY 1, 2
"""


def test_two_jobs_of_a_new_deal_propose_once(site):
    servers = [site.server(), site.server()]
    values = [
        {"name": f"Affaire {number}", "type": "opportunity"} for number in range(2)
    ]
    ids = servers[0].call("crm.lead", "create", [values])

    def change(server, leads, amount):
        amount = {"expected_revenue": amount}
        servers[server].call("crm.lead", "write", [leads, amount])

    site.wait_until(lambda: not site.rows(OPEN_JOBS), 60, "the first look")
    site.rows(NEW_AND_SILENT % {"ids": f"ARRAY{ids}"})
    with site.holding("crm_next_action") as waiting:
        change(0, ids[:1], 1000)
        site.wait_until(lambda: waiting() == 1, 60, "nobody proposes")
        change(1, ids, 2000)
        site.wait_until(lambda: waiting() == 2, 60, "the second job does not wait")
    site.wait_until(lambda: not site.rows(OPEN_JOBS), 60, "the jobs")

    proposed = site.rows(PROPOSED, ids)
    assert {lead for lead, _rule, _count in proposed} == set(ids)
    assert {count for _lead, _rule, count in proposed} == {1}
    failed = "SELECT 1 FROM queue_job WHERE state = 'failed'"
    assert not site.rows(failed)
    site.check_logs()
