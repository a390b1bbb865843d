FRENCH = "fr_FR"
PARIS = "Europe/Paris"


def post_init_hook(env):
    """Make a new database French: language, country, euro, chart of accounts."""
    _set_french(env)
    company = env.ref("base.main_company")
    if _is_new(company):
        # The core loads the chart itself once all addons are there, through the same
        # attribute; before that moment accounts cannot be created safely.
        env.registry._auto_install_template = _load_french_chart


def _set_french(env):
    env["res.lang"]._activate_and_install_lang(FRENCH)
    env["ir.default"].set("res.partner", "lang", FRENCH)
    env["ir.default"].set("res.partner", "tz", PARIS)
    partners = env.ref("base.user_admin").partner_id
    partners += env.ref("base.main_company").partner_id
    partners.lang = FRENCH
    partners.filtered(lambda partner: not partner.tz).tz = PARIS


def _is_new(company):
    """Tell whether nobody chose the accounts of the company nor booked anything.

    Without a country, the core falls back on a generic chart and the United States.
    """
    is_undecided = company.chart_template in (False, "generic_coa")
    return is_undecided and not company._existing_accounting()


def _load_french_chart(env):
    company = env.ref("base.main_company")
    # The country of a company may otherwise install localization addons.
    company.with_context(chart_template_load=True).write(
        {
            "country_id": env.ref("base.fr").id,
            "currency_id": env.ref("base.EUR").id,
        }
    )
    env["account.chart.template"].try_loading("fr", company)
