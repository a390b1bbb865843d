"""Scores of deals, as a seller and his administrator meet them."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.company_world import Company
from tests.e2e.running_site import RpcError, wait_until

OPEN = 12


class ScoringAgency(Company):
    """An agency with a past, a seller and his twelve open deals."""

    def __init__(self, site, name: str):
        super().__init__(site, name)
        admin = site.admin
        self.seller_login = f"lucas@{self.key}.example"
        self.seller_id = admin.create(
            "res.users",
            name="Lucas Bernard",
            login=self.seller_login,
            password=self.seller_login,
            lang="fr_FR",
            tz="Europe/Paris",
            company_id=self.company_id,
            company_ids=[(6, 0, [self.company_id])],
            group_ids=[(6, 0, [admin.ref("crm_base.crm_base_group_seller")])],
        )
        self.seller = site.login(self.seller_login, self.seller_login)
        self.sources = [
            admin.create("utm.source", name=f"{label} {self.key}")
            for label in ("Recommandation", "Annuaire", "Salon")
        ]
        self.client_id = self.rpc.create(
            "res.partner", name="Biotech SA", company_id=self.company_id
        )

    def make_deals(self, count: int, label: str) -> list[int]:
        rows = [
            {
                "name": f"{label} {number:02}",
                "type": "opportunity",
                "company_id": self.company_id,
                "user_id": self.seller_id,
                "partner_id": self.client_id if number % 2 else False,
                "source_id": self.sources[number % 3],
                "expected_revenue": 1000 * (1 + number // 3 % 8),
            }
            for number in range(count)
        ]
        return self.rpc.call("crm.lead", "create", rows)

    def make_past(self):
        """Recommended deals were mostly won, those of the directory mostly lost."""
        deals = self.make_deals(90, "Ancienne affaire")
        won = [
            deal
            for number, deal in enumerate(deals)
            if (number % 3 == 0) != (number % 15 == 0) or number % 9 == 2
        ]
        lost = [deal for deal in deals if deal not in won]
        self.rpc.call("crm.lead", "action_set_won", won)
        self.rpc.call("crm.lead", "action_set_lost", lost)

    def read_scores(self, deals):
        return self.rpc.call(
            "crm.lead", "read", deals, ["ai_score", "ai_score_at", "ai_temperature"]
        )

    def wait_scored(self, deals, seconds=30):
        return wait_until(
            lambda: all(row["ai_score_at"] for row in self.read_scores(deals)),
            seconds,
            what="the scores",
        )


@pytest.fixture(scope="module")
def agency(site):
    agency = ScoringAgency(site, "Agence Score")
    agency.make_past()
    agency.deals = agency.make_deals(OPEN, "Refonte")
    agency.wait_scored(agency.deals)
    return agency


def scores_of(page):
    texts = page.locator(".o_data_row .o_crm_score_number").all_inner_texts()
    return [int(text) for text in texts]


def test_a_seller_finds_his_best_deal_first(agency, browsing, site):
    agency.rpc.call("crm.score.model", "action_learn")
    wait_until(
        lambda: agency.rpc.search("crm.score.model", ("state", "=", "live")),
        60,
        what="a version in use",
    )
    page = browsing.login(site.url, agency.seller_login, agency.seller_login)
    # all deals are scored again by the new version
    wait_until(
        lambda: len({row["ai_score"] for row in agency.read_scores(agency.deals)}) > 2,
        60,
        what="scores of the version",
    )
    page.goto(f"{site.url}/odoo/my-opportunities")
    expect(page.locator(".o_data_row")).to_have_count(OPEN)
    shown = scores_of(page)
    assert shown == sorted(shown, reverse=True)
    reasons = page.locator(".o_data_row [name=ai_score_summary]").all_inner_texts()
    assert all(reason.strip() for reason in reasons), reasons
    browsing.picture(page, "score_mes_opportunites")

    page.locator(".o_data_row [name=name]").first.click()
    page.get_by_role("tab", name="Score").click()
    panel = page.locator(".o_crm_score_panel")
    expect(panel).to_contain_text("Parle en sa faveur")
    expect(panel).to_contain_text("affaires fermées")
    best = panel.locator("[data-side=for] li button").first
    expect(best).to_contain_text("\N{NO-BREAK SPACE}: ")
    browsing.picture(page, "score_onglet")

    # to the field, or to the list of what it rests on
    best.click()
    expect(page.locator(".o_crm_score_found, .o_list_view").first).to_be_visible()


def test_a_message_of_the_client_moves_the_score_while_one_looks(
    agency, browsing, site
):
    deal = agency.deals[1]
    agency.rpc.create(
        "crm.score.criterion",
        name="Un mail est arrivé",
        kind="fact",
        fact="mails_in",
        comparison=">=",
        value=1,
        points=9,
        is_lasting=True,
        company_id=agency.company_id,
    )
    agency.wait_scored(agency.deals)
    page = browsing.login(site.url, agency.seller_login, agency.seller_login)
    page.goto(f"{site.url}/odoo/my-opportunities/{deal}")
    page.get_by_role("tab", name="Score").click()
    panel = page.locator(".o_crm_score_panel")
    expect(panel.locator(".o_crm_score_head")).to_be_visible()
    expect(panel).not_to_contain_text("Un mail est arrivé")
    time.sleep(1.5)
    started = time.monotonic()
    agency.site.sql(
        "INSERT INTO mail_message (model, res_id, message_type, date, body)"
        f" VALUES ('crm.lead', {deal}, 'email', now() AT TIME ZONE 'UTC'"
        " - interval '1 minute', 'Bonjour')"
    )
    agency.seller.call("crm.lead", "write", [deal], {"priority": "2"})
    expect(panel).to_contain_text("Un mail est arrivé")
    took = time.monotonic() - started
    print(f"the screen followed in {took:.1f} s")
    assert took < 6
    browsing.picture(page, "score_critere")


def test_becoming_hot_is_one_notice(agency, browsing, site):
    limits = {"score_warm_from": 2, "score_hot_from": 3}
    site.admin.call("res.company", "write", [agency.company_id], limits)
    partner = agency.rpc.read("res.users", agency.seller_id, "partner_id")["partner_id"]
    notices = wait_until(
        lambda: agency.seller.call(
            "mail.message",
            "search_read",
            [
                ("partner_ids", "in", [partner[0]]),
                ("message_type", "=", "user_notification"),
                ("subject", "ilike", "chaude"),
            ],
            ["subject"],
        ),
        60,
        what="a notice",
    )
    assert len(notices) == 1
    assert re.match(r"\d+ de vos affaires sont devenues chaudes", notices[0]["subject"])
    page = browsing.login(site.url, agency.seller_login, agency.seller_login)
    page.goto(f"{site.url}/odoo/hot-deals")
    expect(page.locator(".o_data_row").first).to_be_visible()
    expect(page.locator(".o_facet_values").first).to_be_visible()
    browsing.picture(page, "score_chaudes")
    page.goto(f"{site.url}/odoo/clients-by-score")
    expect(page.locator(".o_data_row")).to_have_count(1)
    browsing.picture(page, "score_clients")


def test_a_score_that_rises_is_a_reason_to_act(agency, browsing, site):
    """The seller corrects where a deal came from: his day says what to do now."""
    deal = agency.deals[4]
    (before,) = agency.read_scores([deal])
    wait_until(
        lambda: (
            "crm.score.model"
            in site.sql(f"SELECT source FROM crm_deal_pulse WHERE lead_id = {deal}")
        ),
        60,
        what="the score as the chance of the deal",
    )
    agency.seller.call("crm.lead", "write", [deal], {"source_id": agency.sources[0]})
    wait_until(
        lambda: agency.read_scores([deal])[0]["ai_score"] >= before["ai_score"] + 10,
        60,
        what="the score of a recommended deal",
    )
    page = browsing.login(site.url, agency.seller_login, agency.seller_login)
    said = "Les chances de gagner ont bougé de +"
    wait_until(
        lambda: agency.rpc.search(
            "crm.next.action",
            ("lead_id", "=", deal),
            ("state", "=", "proposed"),
            ("reason", "like", said),
        ),
        60,
        what="the next step",
    )
    page.goto(f"{site.url}/odoo/crm/{deal}")
    expect(page.locator(".o_form_view")).to_contain_text(said)
    browsing.picture(page, "score_prochaine_action")
    page.goto(f"{site.url}/odoo/my-day")
    expect(page.locator(".o_crm_my_day .o_kanban_record").first).to_be_visible()
    browsing.picture(page, "score_ma_journee")


def test_an_administrator_sees_how_scores_are_made(agency, browsing, site):
    page = browsing.login(site.url, agency.login, agency.password)
    page.goto(f"{site.url}/odoo/score-versions")
    expect(page.locator(".o_data_row")).to_have_count(1)
    browsing.picture(page, "score_versions")
    page.locator(".o_data_row [name=number]").click()
    explanation = page.locator(".o_crm_score_explanation")
    expect(explanation).to_contain_text("fait le plus monter")
    browsing.picture(page, "score_version")
    page.goto(f"{site.url}/odoo/score-criteria")
    expect(page.locator(".o_data_row")).to_have_count(14)
    browsing.picture(page, "score_criteres")
    page.locator(".o_data_row", has_text="Un mail est arrivé").first.click()
    expect(page.locator(".o_form_view [name=points] input")).to_have_value("9")
    browsing.picture(page, "score_critere_fiche")
    for model in ("crm.score.model", "crm.score.criterion"):
        with pytest.raises(RpcError):
            agency.seller.search(model)
