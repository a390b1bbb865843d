"""AT-09: proposal, versions, signature; the same end on our pages and at services."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from playwright.sync_api import expect
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError

from tests.e2e.browsing import PHONE
from tests.e2e.invoice_world import mail_server, pdf_text
from tests.e2e.push_inbox import PushInbox
from tests.e2e.quote_world import (
    MONTJOIE,
    TECHCORP,
    Docusign,
    QuotingAgency,
    Yousign,
    french,
    link_of,
    plain,
    sign_on_our_pages,
)
from tests.e2e.running_site import RunningSite, wait_until
from tests.standins.docusign import DocusignStandin
from tests.standins.yousign import YousignStandin
from tests.unit.crm_sign.judges import ask_poppler

SENTENCE = "Deux ateliers par semaine avec vos équipes."
PEOPLE = ("Henri Dupont", "Claire Petit")


@pytest.fixture(scope="module")
def services():
    """Both services, as local stand-ins."""
    with YousignStandin() as yousign, DocusignStandin() as docusign:
        yousign.state.settings.webhook_retry_seconds = (1,) * 30
        yield {"yousign": yousign, "docusign": docusign}


@pytest.fixture(scope="module")
def site(workspace, services):
    """A server that may call the two stand-ins."""
    from launcher.testing.template import ensure_templates

    environment = {
        "CRM_STANDIN_YOUSIGN_URL": services["yousign"].api_url,
        "CRM_STANDIN_DOCUSIGN_URL": services["docusign"].base_url,
    }
    template = ensure_templates(workspace).suite
    site = RunningSite(workspace, template, "at09", environment)
    try:
        yield site.start()
    finally:
        site.stop()


@pytest.fixture
def box(site, workspace):
    with mail_server(site, workspace.folder / "mails_at09") as box:
        yield box


@pytest.fixture
def device():
    """Sophie's phone, waiting for pushes."""
    with PushInbox() as device:
        yield device


# -- steps that all journeys share ---------------------------------------------------


def check_document(agency):
    """The proposal carries client, contact, lines and totals without typing."""
    figures = agency.figures
    text = plain(pdf_text(agency.make_document(SENTENCE)))
    assert figures.client in text
    assert "Henri Dupont" in text
    for name in (figures.added[0], figures.new_price[0], figures.new_quantity[0]):
        assert name in text
    for amount in (figures.net[1], figures.tax, figures.total):
        assert french(amount) in text, (french(amount), text[-1500:])
    assert SENTENCE in text


def keep_version_on_screen(page, site, agency):
    page.goto(f"{site.url}/odoo/action-sale.action_quotations/{agency.order_id}")
    page.click("button[name=action_keep_quote_version]")
    expect(page.locator(".o_notification", has_text="V3")).to_be_visible()


def compare_on_screen(browsing, page, agency, name):
    """Three changes are marked and only three, each with author and time."""
    figures = agency.figures
    page.click("button[name=action_compare_quote]")
    table = page.locator(".o_crm_compare")
    expect(table.locator(".o_crm_compare_summary")).to_contain_text("3 changements")
    expect(page.locator("select[name=left]")).to_have_value("2")
    expect(page.locator("select[name=right]")).to_have_value("3")
    rows = table.locator("tr[data-kind=changed], tr[data-kind=added]")
    expect(rows).to_have_count(3)
    expect(table.locator("tr[data-kind=removed], .o_crm_term")).to_have_count(0)
    expect(table.locator("tr[data-kind=same]")).to_have_count(len(figures.lines) - 2)
    price = table.locator("tr[data-kind=changed]", has_text=figures.new_price[0])
    expect(price.locator(".o_crm_change")).to_have_count(1)
    expect(price.locator("[data-field=price_unit] ins")).to_contain_text(
        french(figures.new_price[1])
    )
    days = table.locator("tr[data-kind=changed]", has_text=figures.new_quantity[0])
    expect(days.locator(".o_crm_change")).to_have_count(1)
    expect(days.locator("[data-field=quantity] ins")).to_have_text(
        f"{figures.new_quantity[1]:g}"
    )
    added = table.locator("tr[data-kind=added]")
    expect(added).to_contain_text(figures.added[0])
    for signature in table.locator("tr .o_crm_signature").all_inner_texts():
        assert re.search(r"Sophie Martin,.*\d{2}:\d{2}", plain(signature)), signature
    expect(table.locator("tr .o_crm_signature")).to_have_count(3)
    difference = table.locator("tr[data-total=untaxed] td").last
    change = figures.net[1] - figures.net[0]
    assert f"+{french(change)}" in plain(difference.inner_text())
    browsing.picture(page, f"at09_{name}_compare")
    with page.expect_download(timeout=60_000) as printed:
        page.click("button[name=print]")
    check_printed_comparison(printed.value.path().read_bytes(), figures)


def check_printed_comparison(content, figures):
    """On paper the comparison says the same as on the screen."""
    text = plain(pdf_text(content))
    assert figures.client in text
    for said in ("3 changements", "Modifications : 2", "Ajouts : 1"):
        assert said in text, (said, text)
    for name in (figures.new_price[0], figures.new_quantity[0], figures.added[0]):
        assert name in text, name
    former = {name: price for name, _days, price in figures.lines}
    change = figures.net[1] - figures.net[0]
    for amount in (former[figures.new_price[0]], figures.new_price[1], *figures.net):
        assert french(amount) in text, (french(amount), text)
    assert f"+{french(change)}" in text, text
    assert len(re.findall(r"Sophie Martin, \d\d/\d\d/\d{4} \d\d:\d\d", text)) == 3, text


def check_end(agency, request_id, device):
    """The same end state, whoever kept the signatures."""
    figures = agency.figures
    wait_until(
        lambda: agency.order("state")["state"] == "sale", 60, "the order is confirmed"
    )
    agency.wait_sealed(request_id, 90)
    lead = agency.rpc.read("crm.lead", agency.lead_id, "won_status", "expected_revenue")
    assert (lead["won_status"], lead["expected_revenue"]) == ("won", figures.net[1])
    (invoice,) = agency.invoices()
    assert invoice["state"] == "draft"
    assert invoice["amount_total"] == pytest.approx(figures.total * 0.3)
    versions = agency.versions()
    assert [version["number"] for version in versions[:3]] == [1, 2, 3]
    for version in versions:
        assert figures.lines[0][0] in version["content_html"]
        assert version["pdf_sha256"], version["number"]
    nets = [version["amount_untaxed"] for version in versions]
    assert nets[1:3] == list(figures.net)
    assert nets[-1] == figures.net[1]
    (notice,) = agency.notices()
    assert figures.client in notice["subject"]
    (push,) = wait_until(
        lambda: [push for push in device.read() if names_signers(push)],
        30,
        "a push on Sophie's device",
    )
    assert agency.order("name")["name"] in push["title"]


def names_signers(push) -> bool:
    """Tell whether a push says that both signed."""
    return ", ".join(PEOPLE) in push["options"]["body"]


def prepare(site, browsing, device, figures, number, name):
    """From version 2 to version 3, its proposal and the comparison."""
    agency = QuotingAgency(site, figures, number)
    # Odoo pushes to those who read their notifications in Odoo, mails the others.
    site.admin.call(
        "res.users", "write", [agency.user_id], {"notification_type": "inbox"}
    )
    device.subscribe(agency.rpc)
    agency.make_next_version()
    check_document(agency)
    window = browsing.login(site.url, agency.login, agency.password)
    keep_version_on_screen(window, site, agency)
    browsing.picture(window, f"at09_{name}_quote")
    compare_on_screen(browsing, window, agency, name)
    return agency, window


# -- on our own pages ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "number"), [(TECHCORP, 0), (MONTJOIE, 1)], ids=["techcorp", "montjoie"]
)
def test_on_our_own_pages(browsing, site, box, device, tmp_path, figures, number):
    agency, window = prepare(site, browsing, device, figures, number, figures.key)
    first, second = agency.people
    order = agency.order("name")["name"]

    # Version 3 goes out: the second signer has nothing yet.
    old_request = agency.send_for_signature()
    old_subject = f"{order} V3"
    old_link = link_of(box, first, old_subject)
    assert not box.to(second, old_subject)
    phone = browsing.open(PHONE)
    phone.goto(old_link)
    expect(phone.get_by_role("button", name="Continuer pour signer")).to_be_visible()

    # Edited after sending: the link refuses and says why.
    agency.edit(client_order_ref="BC-2026-17")
    phone.goto(old_link)
    expect(phone.locator("main")).to_contain_text(
        "version plus récente de ce document existe"
    )
    expect(phone.get_by_role("button", name="Continuer pour signer")).to_have_count(0)
    browsing.picture(phone, f"at09_{figures.key}_outdated")
    assert agency.order("state")["state"] == "sent"

    # The final version is signed by both, one after the other, on a phone.
    request_id = agency.send_for_signature()
    subject = f"{order} V4"
    assert agency.read(old_request)["state"] == "cancelled"
    for place, address in enumerate(agency.people):
        others = agency.people[place + 1 :]
        assert not any(box.to(other, subject) for other in others)
        link = link_of(box, address, subject)
        screens = sign_on_our_pages(phone, box, link, address, subject)
        assert screens <= 3
        browsing.picture(phone, f"at09_{figures.key}_sign_{place}")
        phone.get_by_role("button", name="Signer", exact=True).click()
        expect(phone.locator("#sign-consent")).to_have_count(0)
        if place == 0:
            assert agency.order("state")["state"] == "sent"

    check_end(agency, request_id, device)
    content = check_final_file(agency, request_id, tmp_path)
    check_on_the_public_page(browsing, site, content, figures.key, "danger")
    window.goto(f"{site.url}/odoo/action-sale.action_orders/{agency.order_id}")
    expect(
        window.locator(".o_statusbar_status .o_arrow_button_current")
    ).to_be_visible()
    browsing.picture(window, f"at09_{figures.key}_signed")


def judge(content: bytes) -> dict[str, bool]:
    """Each signature in the file by name, and whether it holds (pyHanko)."""
    # pyHanko runs a loop of its own: not in the thread of the browser's.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(_judge, content).result()


def _judge(content: bytes) -> dict[str, bool]:
    judged = {}
    try:
        reader = PdfFileReader(io.BytesIO(content))
        for place, signature in enumerate(reader.embedded_regular_signatures):
            name = str(signature.sig_object.get("/Name", ""))
            status = validate_pdf_signature(signature)
            judged[f"{place} {name}"] = status.intact and status.valid
    except (PdfReadError, SignatureValidationError, ValueError):
        judged["unreadable"] = False
    return judged


def check_final_file(agency, request_id, folder):
    """Both signatures and the page of proof; two judges find one byte altered."""
    content = agency.final_file(request_id)
    judged = judge(content)
    names = " ".join(judged)
    for name in PEOPLE:
        assert name in names
    assert all(judged.values()), judged
    poppler = ask_poppler(content, folder)
    assert (poppler.valid, poppler.total) == (len(judged), len(judged))
    assert poppler.covers_whole
    check_certificate_page(agency, request_id, plain(pdf_text(content)))

    altered = alter(content)
    assert not all(judge(altered).values())
    poppler = ask_poppler(altered, folder)
    assert poppler.valid < len(judged)
    return content


def check_certificate_page(agency, request_id, text):
    """Names, times, addresses and hash of what was signed."""
    reference = agency.rpc.read("crm.sign.request", request_id, "reference")
    for words in (reference["reference"], *PEOPLE, *agency.people, "127.0.0.1"):
        assert words in text, words
    signers = agency.rpc.call(
        "crm.sign.signer", "read", agency.signers(request_id), ["signed_at"]
    )
    assert len(signers) == len(PEOPLE)
    for signer in signers:
        at = datetime.fromisoformat(signer["signed_at"])
        assert f"{at:%d/%m/%Y %H:%M:%S} UTC" in text, (signer, text[-3000:])
    (original,) = agency.rpc.call(
        "crm.sign.document",
        "search_read",
        [("request_id", "=", request_id)],
        ["sha256"],
    )
    assert original["sha256"] in text.replace(" ", "")


def alter(content: bytes) -> bytes:
    """The same file with one byte changed."""
    place = content.index(b"stream") + 40
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def check_on_the_public_page(browsing, site, content, key, refused):
    """Without an account: the file as kept is confirmed, one byte altered is not.

    :param refused: kind of the answer about the altered file
    """
    page = browsing.open()
    page.goto(f"{site.url}/sign/check")
    answer = page.locator("#check-answer")
    give_file(page, content)
    expect(answer.locator(".state.ok").first).to_be_visible()
    for name in PEOPLE:
        expect(answer).to_contain_text(name)
    browsing.picture(page, f"at09_{key}_check")
    give_file(page, alter(content))
    answer.locator("[data-send]").click()
    expect(answer.locator(f".state.{refused}")).to_be_visible()
    expect(answer.locator(".state.ok")).to_have_count(0)
    expect(answer).not_to_contain_text(PEOPLE[0])
    browsing.picture(page, f"at09_{key}_altered")


def give_file(page, content):
    file = {"name": "devis.pdf", "mimeType": "application/pdf", "buffer": content}
    page.set_input_files("#check-file", file)
    page.get_by_role("button", name="Vérifier", exact=True).click()


# -- at a service --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "figures", "number"),
    [("yousign", Yousign, TECHCORP, 2), ("docusign", Docusign, MONTJOIE, 3)],
    ids=["yousign", "docusign"],
)
def test_at_a_service(browsing, site, services, device, name, kind, figures, number):
    agency, _window = prepare(site, browsing, device, figures, number, name)
    service = kind(services[name])
    key = service.connect(agency)

    old_request = agency.send_for_signature(key)
    wait_until(lambda: service.is_out(agency, old_request), 60, "it is sent")

    # Edited after sending: withdrawn here and there.
    agency.edit(client_order_ref="BC-2026-17")
    assert agency.read(old_request)["state"] == "cancelled"
    wait_until(lambda: service.is_withdrawn(agency, old_request), 60, "withdrawn")

    request_id = agency.send_for_signature(key)
    wait_until(lambda: service.is_out(agency, request_id), 60, "it is sent again")
    service.sign(agency, request_id, 0)
    wait_until(
        lambda: agency.read(request_id)["state"] == "partial", 60, "the first signed"
    )
    assert agency.order("state")["state"] == "sent"
    service.sign(agency, request_id, 1)
    check_end(agency, request_id, device)
    content = agency.final_file(request_id)
    assert content.startswith(b"%PDF-")
    # The stand-ins put no PAdES signature in their files: altered, one is unknown.
    check_on_the_public_page(browsing, site, content, name, "warning")
    proof = agency.rpc.read("crm.sign.request", request_id, "audit_attachment_id")
    assert agency.file(proof["audit_attachment_id"][0]).startswith(b"%PDF-")
