"""What the sender sees while others sign, and documents of the largest size."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.invoice_world import mail_server
from tests.e2e.running_site import wait_until
from tests.e2e.sign_world import (
    SigningCompany,
    agree_and_sign,
    link_in,
    person,
    press,
    send_one,
)


@pytest.fixture(scope="module")
def agency(site):
    return SigningCompany(site, "Agence Boreale")


@pytest.fixture(scope="module")
def mailbox(site, workspace):
    with mail_server(site, workspace.folder / "sign_screen_mails") as box:
        yield box


def test_the_form_of_the_sender_follows_without_a_reload(
    browsing, site, agency, mailbox
):
    subject = "Contrat suivi"
    ada = person("Ada Pons", code_channel="none")
    request = send_one(agency, subject, ada)
    window = browsing.login(site.url, agency.login, agency.password)
    window.goto(f"{site.url}/odoo/crm.sign.request/{request}")
    form = window.locator(".o_form_view")
    expect(form).to_contain_text("En attente de Ada Pons")
    window.evaluate("window.isTheSamePage = true")
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, ada["email"], subject))
    press(page, "Continuer pour signer")
    expect(form.locator(".o_data_cell[name=state]")).to_have_text("Ouvert")
    agree_and_sign(page)
    expect(form).to_contain_text("le fichier est parti à tout le monde")
    expect(form.locator(".o_data_cell[name=state]")).to_have_text("A signé")
    # The thread names the company, not the visitor of a public page.
    expect(window.locator(".o-mail-Thread")).not_to_contain_text("Public user")
    assert window.evaluate("window.isTheSamePage")


def test_a_refusal_is_read_by_a_user_of_this_company_only(
    browsing, site, agency, mailbox
):
    subject = "Contrat décliné"
    leo = person("Leo Marin", code_channel="none")
    request = send_one(agency, subject, leo)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, leo["email"], subject))
    page.get_by_text("Je ne veux pas signer").click()
    page.get_by_label("Votre motif").fill("Trop cher.")
    press(page, "Refuser de signer")
    agency.wait_state(request, "refused")
    window = browsing.login(site.url, agency.login, agency.password)
    window.goto(f"{site.url}/odoo/crm.sign.request/{request}")
    expect(window.locator(".o-mail-Activity")).to_contain_text("Trop cher.")
    expect(window.locator(".o_error_dialog, .modal")).to_have_count(0)


def test_five_hundred_pages_are_drawn_where_one_reads(browsing, site, agency, mailbox):
    subject = "Contrat de 500 pages"
    olga = person("Olga Brun", code_channel="none")
    request = agency.make_request(subject, olga, pages=500)
    agency.place(request, signer_id=agency.signers(request)[0], page=500)
    window = browsing.login(site.url, agency.login, agency.password)
    action = "crm_sign.crm_sign_request_action_placement"
    window.goto(f"{site.url}/odoo/crm.sign.request/{request}/action-{action}")
    expect(window.locator(".o_crm_sign_page")).to_have_count(500)
    first, last = (
        window.locator(".o_crm_sign_page canvas").nth(number) for number in (0, 499)
    )
    is_drawn = re.compile("^[1-9]")
    expect(first).to_have_attribute("width", is_drawn)
    last.scroll_into_view_if_needed()
    expect(first).to_have_attribute("width", "0")
    expect(last).to_have_attribute("width", is_drawn)
    agency.send(request)

    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, olga["email"], subject))
    expect(page.locator(".page")).to_have_count(500)
    for number in (1, 250, 500):
        shown = page.locator(f"[data-page='{number}']")
        shown.scroll_into_view_if_needed()
        expect(shown).to_have_attribute("data-drawn", "1")
        # Those near the screen, and nothing of what was read before.
        wait_until(
            lambda: page.locator("[data-drawn]").count() <= 12, what="dropped pages"
        )
    press(page, "Continuer pour signer")
    agree_and_sign(page)
    agency.wait_state(request, "signed")
    agency.wait_sealed(request)
