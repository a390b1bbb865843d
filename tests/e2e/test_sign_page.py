"""Two people sign a contract, one after the other, without an account."""

import base64
import io
import re
from datetime import date, timedelta

import pypdf
import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.invoice_world import mail_server, pdf_text
from tests.e2e.running_site import PATIENCE_SECONDS, RpcError, wait_until
from tests.e2e.sign_checks import check_screen, has_ink, ink_edges
from tests.e2e.sign_world import (
    SigningCompany,
    agree_and_sign,
    code_in,
    codes_to,
    link_in,
    person,
    press,
    send_one,
)

SUBJECT = "Refonte du site"


@pytest.fixture(scope="module")
def agency(site):
    return SigningCompany(site, "Agence Aurore")


@pytest.fixture(scope="module")
def mailbox(site, workspace):
    with mail_server(site, workspace.folder / "sign_mails") as box:
        yield box


def ask_code(page, mailbox, address, subject):
    """From reading to the code that came by mail."""
    known = len(codes_to(mailbox, address, subject))
    press(page, "Continuer pour signer")
    expect(page.locator("#sign-code")).to_be_focused()
    return code_in(mailbox, address, subject, known + 1)


def identify(page, mailbox, address, subject):
    """From reading to the last screen."""
    code = ask_code(page, mailbox, address, subject)
    page.fill("#sign-code", code)
    press(page, "Valider le code")
    expect(page.locator("form[data-sign]")).to_be_visible()


def test_1_two_signers_in_order_on_a_phone(browsing, agency, mailbox):
    marie, paul = person("Marie Leblanc"), person("Paul Le Goff")
    request = agency.make_request(SUBJECT, marie, paul)
    first, second = agency.signers(request)
    agency.place(request, signer_id=first)
    agency.place(request, signer_id=first, type="date", y=680, height=20, width=90)
    agency.place(request, signer_id=first, type="text", label="Lieu", y=710, height=20)
    small = {"width": 64, "height": 32, "x": 700, "y": 500, "page": 2}
    agency.place(request, signer_id=first, type="initials", **small)
    agency.place(request, signer_id=second, x=330)
    agency.send(request)

    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, marie["email"], SUBJECT))
    expect(page.locator("[data-page='1'][data-drawn]")).to_be_visible()
    expect(page.locator(".page")).to_have_count(3)
    expect(page.locator("[data-page='1'] .page-text")).to_contain_text("article 1")
    expect(page.locator(".mark")).to_have_count(4)
    check_screen(page, browsing, "sign_1_read")
    page.locator("[data-page='3']").scroll_into_view_if_needed()
    expect(page.locator("[data-page='3'][data-drawn]")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert "article 2" in pdf_text(download.value.path().read_bytes())
    code = ask_code(page, mailbox, marie["email"], SUBJECT)
    check_screen(page, browsing, "sign_2_code")
    page.fill("#sign-code", code)
    press(page, "Valider le code")
    expect(page.locator("form[data-sign]")).to_be_visible()
    check_screen(page, browsing, "sign_3_sign")
    press(page, "Signer")
    expect(page.get_by_role("status")).to_contain_text("Lieu")
    page.get_by_label("Lieu", exact=True).fill("Bordeaux")
    agree_and_sign(page)
    expect(page.locator("main")).to_contain_text("D'autres doivent encore signer")
    check_screen(page, browsing, "sign_4_signed")
    assert agency.read(request)["state"] == "partial"

    other = browsing.open(PHONE)
    other.goto(link_in(mailbox, paul["email"], SUBJECT))
    identify(other, mailbox, paul["email"], SUBJECT)
    agree_and_sign(other)
    agency.wait_state(request, "signed")
    agency.wait_sealed(request)

    page.reload()
    check_screen(page, browsing, "sign_5_final")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Télécharger")).first.click()
    content = download.value.path().read_bytes()
    text = pdf_text(content)
    for words in ("article 3", "Bordeaux", "Marie Leblanc", "Paul Le Goff"):
        assert words in text, words
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 3, "no certificate"


def test_2_keyboard_alone(browsing, agency, mailbox):
    subject = "Contrat de maintenance"
    claire = person("Claire Morel")
    request = send_one(agency, subject, claire)
    page = browsing.open()
    page.goto(link_in(mailbox, claire["email"], subject))
    expect(page.locator("[data-drawn]").first).to_be_visible()
    known = len(codes_to(mailbox, claire["email"], subject))
    walk_to(page, "Continuer pour signer")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-code")).to_be_focused()
    code = code_in(mailbox, claire["email"], subject, known + 1)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("form[data-sign]")).to_be_visible()
    wait_until(lambda: has_ink(page), what="the typed signature")
    for _stop in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "sign-consent":
            break
    page.keyboard.press("Space")
    walk_to(page, "Signer")
    page.keyboard.press("Enter")
    expect(page.locator(".state.ok")).to_be_visible()
    agency.wait_state(request, "signed")


def walk_to(page, name):
    """Press Tab until the button of this name has the focus."""
    for _stop in range(40):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.textContent.trim()")
        if text == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_3_drawn_and_uploaded_signatures(browsing, agency, mailbox):
    subject = "Avenant numéro 1"
    luc, eva = person("Luc Petit", order=1), person("Eva Roy", order=1)
    request = send_one(agency, subject, luc, eva)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, luc["email"], subject))
    identify(page, mailbox, luc["email"], subject)
    page.get_by_label("Dessiner").check()
    press_sign_without_ink(page)
    canvas = page.locator("[data-kind=signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 80)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 22 * step, box["y"] + 80 - 40 * (step % 2))
    page.mouse.up()
    # The ink is under the pen, whatever the size of the screen.
    left, right = ink_edges(page)
    assert abs(left - 30 / box["width"]) < 0.08, left
    assert abs(right - 272 / box["width"]) < 0.08, right
    browsing.picture(page, "sign_6_drawn")
    agree_and_sign(page)

    other = browsing.open(PHONE)
    other.goto(link_in(mailbox, eva["email"], subject))
    identify(other, mailbox, eva["email"], subject)
    other.get_by_label("Image", exact=True).check()
    chooser = other.locator("[data-kind=signature] input[type=file]")
    chooser.set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"not a picture"}
    )
    expect(other.locator("[data-ink-problem]")).to_contain_text("PNG ou JPEG")
    picture = base64.b64decode(canvas_png())
    chooser.set_input_files(
        {"name": "moi.png", "mimeType": "image/png", "buffer": picture}
    )
    wait_until(lambda: has_ink(other), what="the picture")
    agree_and_sign(other)
    agency.wait_state(request, "signed")


def press_sign_without_ink(page):
    page.locator("#sign-consent").check()
    press(page, "Signer")
    expect(page.get_by_role("status")).to_contain_text("signature manque")


def canvas_png() -> str:
    """A small picture of ink, in base64."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 80), (150, 10), (290, 70)], (0, 0, 90, 255), 6)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def test_4_refusal_with_its_reason(browsing, agency, mailbox):
    subject = "Contrat refusé"
    nina = person("Nina Costa")
    request = send_one(agency, subject, nina)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, nina["email"], subject))
    page.get_by_text("Je ne veux pas signer").click()
    press(page, "Refuser de signer")
    assert agency.read(request)["state"] == "sent", "a refusal has a reason"
    page.get_by_label("Votre motif").fill("Le délai est trop court.")
    check_screen(page, browsing, "sign_7_refusing")
    press(page, "Refuser de signer")
    expect(page.locator("main")).to_contain_text("Vous avez refusé de signer")
    check_screen(page, browsing, "sign_8_refused")
    values = agency.read(request)
    assert values["state"] == "refused"
    assert "trop court" in values["ended_reason"]


def test_5_handed_over_to_somebody_else(browsing, agency, mailbox):
    subject = "Contrat confié"
    hugo = person("Hugo Blanc", can_delegate=True)
    request = send_one(agency, subject, hugo)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, hugo["email"], subject))
    expect(page.get_by_text("Quelqu'un d'autre doit signer")).to_have_count(0)
    identify(page, mailbox, hugo["email"], subject)
    page.get_by_text("Quelqu'un d'autre doit signer").click()
    page.get_by_label("Prénom et nom").last.fill("Iris Fabre")
    page.get_by_label("E-mail").fill("iris@client-roux.example")
    browsing.picture(page, "sign_9_delegate")
    press(page, "Confier à cette personne")
    expect(page.locator("main")).to_contain_text("Iris Fabre")
    other = browsing.open(PHONE)
    other.goto(link_in(mailbox, "iris@client-roux.example", subject))
    identify(other, mailbox, "iris@client-roux.example", subject)
    agree_and_sign(other)
    agency.wait_state(request, "signed")


def test_6_wrong_codes_forwarded_link_and_closed_browser(browsing, agency, mailbox):
    subject = "Contrat transféré"
    rose = person("Rose Lemoine")
    request = send_one(agency, subject, rose)
    link = link_in(mailbox, rose["email"], subject)
    page = browsing.open(PHONE)
    page.goto(link)
    identify(page, mailbox, rose["email"], subject)
    # Somebody else with the same link gets no further than reading.
    thief = browsing.open(PHONE)
    thief.goto(f"{link}?view=sign")
    expect(thief.get_by_role("button", name="Continuer pour signer")).to_be_visible()
    expect(thief.locator("form[data-sign]")).to_have_count(0)
    # Closed and opened again, the browser of the signer goes on.
    state = page.context.storage_state()
    page.context.close()
    again = browsing.browser.new_context(
        storage_state=state, locale="fr-FR", viewport=PHONE
    ).new_page()
    again.goto(link)
    expect(again.locator("form[data-sign]")).to_be_visible()
    # A refused code is answered with a page that says so.
    before = len(browsing.errors)
    agency.rpc.call("crm.sign.request", "action_remind", [request])
    code = ask_code(thief, mailbox, rose["email"], subject)
    wrong = "123456" if code != "123456" else "654321"
    for left in (4, 3, 2, 1):
        thief.fill("#sign-code", wrong)
        press(thief, "Valider le code")
        expect(thief.get_by_role("alert")).to_contain_text(str(left))
    browsing.picture(thief, "sign_10_wrong_code")
    thief.fill("#sign-code", wrong)
    press(thief, "Valider le code")
    expect(thief.get_by_role("alert").first).to_contain_text("codes")
    thief.goto(link)
    expect(thief.locator(".bar [role=alert]")).to_contain_text("minutes")
    browsing.picture(thief, "sign_11_blocked")
    del browsing.errors[before:]
    assert agency.read(request)["state"] == "sent"


def test_7_double_click_signs_once(browsing, site, agency, mailbox):
    subject = "Contrat pressé"
    theo = person("Theo Vidal")
    request = send_one(agency, subject, theo)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, theo["email"], subject))
    identify(page, mailbox, theo["email"], subject)
    page.locator("#sign-consent").check()
    wait_until(lambda: has_ink(page), what="the typed signature")
    page.get_by_role("button", name="Signer", exact=True).dblclick()
    expect(page.locator(".state.ok")).to_be_visible()
    count = site.sql(
        "SELECT count(*) FROM crm_sign_event WHERE kind = 'signed'"
        f" AND request_id = {request}"
    )
    assert count == "1"


def test_8_lost_connection_loses_nothing(browsing, agency, mailbox):
    subject = "Contrat hors ligne"
    lena = person("Lena Faure")
    request = send_one(agency, subject, lena)
    page = browsing.open(PHONE)
    page.goto(link_in(mailbox, lena["email"], subject))
    identify(page, mailbox, lena["email"], subject)
    page.locator("#sign-consent").check()
    wait_until(lambda: has_ink(page), what="the typed signature")
    before = len(browsing.errors)
    page.context.set_offline(True)
    press(page, "Signer")
    expect(page.get_by_role("status")).to_contain_text("connexion")
    browsing.picture(page, "sign_12_lost")
    page.context.set_offline(False)
    del browsing.errors[before:]
    press(page, "Signer")
    expect(page.locator(".state.ok")).to_be_visible()
    agency.wait_state(request, "signed")


def test_9_links_that_ended_say_why(browsing, site, agency, mailbox):
    page = browsing.open(PHONE)
    for subject, end, words in (
        ("Contrat annulé", "cancel", "a retiré cette demande"),
        ("Contrat périmé", "expire", "Le dernier jour pour signer"),
    ):
        adam = person("Adam Noel")
        request = send_one(agency, subject, adam)
        link = link_in(mailbox, adam["email"], subject)
        if end == "cancel":
            agency.rpc.call("crm.sign.request", "action_cancel", [request])
        else:
            past = date.today() - timedelta(days=3)
            site.sql(
                f"UPDATE crm_sign_request SET date_expiry = '{past}'"
                f" WHERE id = {request}"
            )
        # Another worker's cache may still hold the former day.
        wait_until(
            lambda link=link, words=words: words in requests.get(link, timeout=30).text,
            PATIENCE_SECONDS,
            words,
        )
        page.goto(link)
        expect(page.locator("main")).to_contain_text(words)
        expect(page.locator("form")).to_have_count(0)
        check_screen(page, browsing, f"sign_13_{end}")
    before = len(browsing.errors)
    page.goto(f"{site.url}/sign/s/nobody")
    expect(page.locator("h1")).to_have_count(1)
    del browsing.errors[before:]


def test_10_strangers_get_nothing(site, agency, mailbox):
    subject = "Contrat secret"
    zoe = person("Zoe Marchal")
    request = send_one(agency, subject, zoe)
    link = link_in(mailbox, zoe["email"], subject)
    (document,) = agency.rpc.search("crm.sign.document", ("request_id", "=", request))
    attachment = agency.rpc.read("crm.sign.document", document, "attachment_id")
    number = attachment["attachment_id"][0]
    rival = SigningCompany(site, "Agence Rivale")
    with pytest.raises(RpcError):
        rival.rpc.read("crm.sign.request", request, "name")
    assert not rival.rpc.search("crm.sign.request", ("id", "=", request))
    for session in (requests.Session(), rival.rpc.session):
        answer = session.get(f"{site.url}/web/content/{number}", timeout=30)
        assert not answer.content.startswith(b"%PDF")
        answer = session.get(f"{link}/final/1", timeout=30)
        assert not answer.content.startswith(b"%PDF")
    answer = requests.get(f"{link}/document/1", timeout=30)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"


def test_11_fields_are_placed_in_the_back_office(browsing, site, agency):
    ben, lou = person("Ben Aubry"), person("Lou Perrin")
    request = agency.make_request("Contrat à placer", ben, lou)
    window = browsing.login(site.url, agency.login, agency.password)
    action = "crm_sign.crm_sign_request_action_placement"
    window.goto(f"{site.url}/odoo/crm.sign.request/{request}/action-{action}")
    expect(window.locator(".o_crm_sign_page")).to_have_count(3)
    window.get_by_role("button", name="Signature", exact=True).click()
    box = window.locator(".o_crm_sign_field.o_selected")
    expect(box).to_be_focused()
    start = box.bounding_box()
    window.mouse.move(start["x"] + 20, start["y"] + 15)
    window.mouse.down()
    window.mouse.move(start["x"] - 60, start["y"] + 75, steps=5)
    window.mouse.up()
    end = box.bounding_box()
    assert (round(start["x"] - end["x"]), round(end["y"] - start["y"])) == (80, 60)
    window.get_by_role("radio", name="Lou Perrin").check()
    window.get_by_role("button", name="Paraphe", exact=True).click()
    # The key goes to the new field, not to the list of buttons.
    expect(box).to_be_focused()
    window.keyboard.press("PageDown")
    # The screen follows the field that a key takes to the next page.
    expect(box).to_be_in_viewport(ratio=1)
    expect(box).to_be_focused()
    # The pages scroll beside the palette.
    window.locator(".o_crm_sign_page").last.scroll_into_view_if_needed()
    expect(window.locator(".o_crm_sign_page").last).to_be_in_viewport()
    side = window.locator(".o_crm_sign_side")
    side.evaluate("side => side.scrollTo(0, side.scrollHeight)")
    expect(window.get_by_role("button", name="Enregistrer")).to_be_in_viewport()
    window.keyboard.press("Shift+ArrowRight")
    browsing.picture(window, "sign_14_placement")
    window.get_by_role("button", name="Enregistrer").click()
    expect(
        window.locator(".o_crm_sign_placement [role=status].visually-hidden")
    ).to_have_text("Enregistré")
    first, second = agency.signers(request)
    fields = agency.rpc.call(
        "crm.sign.field",
        "search_read",
        [("request_id", "=", request)],
        ["type", "signer_id", "page", "width"],
        order="page",
    )
    assert [
        (row["type"], row["signer_id"][0], row["page"], row["width"]) for row in fields
    ] == [("signature", first, 1, 170), ("initials", second, 2, 69)]
