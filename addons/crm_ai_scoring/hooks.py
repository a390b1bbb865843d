def post_init_hook(env):
    """Score what is there already, by a job: installing does not wait for it."""
    companies = env["res.company"].search([])
    companies._learn_soon()
    companies._score_all_soon()
