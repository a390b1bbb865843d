def post_init_hook(env):
    """Score what is there already, by a job: installing does not wait for it."""
    companies = env["res.company"].search([])
    companies._learn_soon()
    if env["crm.lead"].search_count([("won_status", "=", "pending")], limit=1):
        companies._score_all_soon()
