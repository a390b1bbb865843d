"""AT-08: a meeting dropped or recorded, read beside its words, approved.

With a model (stand-in) and with none; with other people, amounts and words; and a
recording in the browser that survives a reload.
"""

import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from launcher.chromium import ensure_chromium
from tests.e2e.browsing import PHONE, WIDE, Browsing
from tests.e2e.meeting_world import FACTORY, JOURNEY, Agency, quarter_end
from tests.e2e.running_site import wait_until
from tests.unit.crm_ai_meeting.long_meeting import as_srt, as_text, as_vtt, tell

SUMMARY_SECONDS = 30
PROVIDER_SECONDS = 5
LOUD = "Number(document.querySelector('[role=meter]').ariaValueNow) > 0"


@pytest.fixture(scope="module")
def site(llm_site):
    return llm_site


@pytest.fixture
def recorder_browser(chromium, workspace):
    """Private windows of a browser with a microphone that beeps."""
    options = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
    ]
    pictures = workspace.folder / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    browser = chromium.browser_type.launch(
        executable_path=ensure_chromium(), args=options
    )
    browsing = Browsing(browser, pictures)
    yield browsing
    browser.close()
    browsing.check()


@pytest.mark.parametrize(
    ("name", "has_model", "figures", "ending", "write", "encoding"),
    [
        ("Agence Lumen", True, JOURNEY, "vtt", as_vtt, "utf-8"),
        ("Agence Sans", False, JOURNEY, "txt", as_text, "cp1252"),
        ("Studio Vert", True, FACTORY, "srt", as_srt, "utf-16"),
        ("Studio Seul", False, FACTORY, "vtt", as_vtt, "utf-8"),
    ],
    ids=["model", "rules", "other-model", "other-rules"],
)
def test_a_text_is_dropped(
    site, browsing, llm, name, has_model, figures, ending, write, encoding
):
    agency = Agency(site, name, figures)
    if has_model:
        agency.connect_model(llm.openai_url)
    llm.state.settings.latency_seconds = PROVIDER_SECONDS
    before = agency.snapshot()
    page = browsing.login(site.url, agency.seller, agency.seller)
    open_meetings(page, site, agency)
    browsing.picture(page, f"at08_{agency.key}_deal")
    content = write(tell(figures.story, 45, seed=11)).encode(encoding)
    started = time.monotonic()
    drop(page, f"réunion.{ending}", content)
    expect(page.locator(".o_crm_meeting_item").first).to_be_visible(timeout=40_000)
    assert time.monotonic() - started < SUMMARY_SECONDS
    llm.state.settings.latency_seconds = 0
    check_facts(page, agency, figures, has_model)
    check_places(page, figures)
    browsing.picture(page, f"at08_{agency.key}_review")
    assert agency.snapshot() == before
    add_rival(page, "Koba Studio")
    assert agency.snapshot() == before
    page.click("button[name=action_approve]")
    expect(page.locator(".o_arrow_button_current")).to_contain_text("Approuvé")
    check_end(agency, figures, has_model)
    browsing.picture(page, f"at08_{agency.key}_approved")


def open_meetings(page, site, agency):
    page.goto(f"{site.url}/odoo/crm/{agency.lead_id}")
    page.click("a[name=crm_meetings]")
    expect(page.locator(".o_crm_drop_zone")).to_be_visible()


def drop(page, name, content):
    """Drop a file on the zone, as a hand does."""
    data = page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name));
            return transfer;
        }""",
        [name, list(content)],
    )
    zone = page.locator(".o_crm_drop_zone")
    zone.dispatch_event("dragover", {"dataTransfer": data})
    zone.dispatch_event("drop", {"dataTransfer": data})


def item(page, kind):
    return page.locator(f".o_crm_meeting_item[data-kind={kind}]")


def check_facts(page, agency, figures, has_model):
    """What the person sees first is right."""
    amount = item(page, "budget").locator("input[name=amount]")
    assert float(amount.input_value()) == figures.budget
    deadline = item(page, "deadline")
    assert deadline.locator("textarea").input_value() == figures.deadline
    end = quarter_end(figures.quarter).isoformat()
    assert deadline.locator("input[type=date]").input_value() == end
    decider = item(page, "decision_maker").locator("textarea").input_value()
    assert decider.split(" ")[0] == figures.decider
    rivals = item(page, "rival").locator("textarea")
    assert [rival.input_value() for rival in rivals.all()] == [figures.rival]
    actions = item(page, "action")
    expect(actions).to_have_count(2)
    for action, (words, day) in zip(actions.all(), figures.actions(), strict=True):
        assert words in action.locator("textarea").input_value()
        assert action.locator("input[type=date]").input_value() == day.isoformat()
        owner = action.locator("select[name=owner] option:checked")
        expect(owner).to_have_text(agency.seller_name)
        expect(action.locator("input[name=is_chosen]")).to_be_checked()
    expect(item(page, "key_point").first).to_be_visible()
    expect(item(page, "mood")).to_have_count(1)
    banner = page.locator(".o_field_widget[name=fallback_reason]")
    expect(banner).to_have_count(0 if has_model else 1)


def check_places(page, figures):
    """Each line leads to where it is said."""
    for kind, words in figures.places:
        item(page, kind).first.locator("button[name=show]").first.click()
        shown = page.locator(".o_crm_meeting_shown")
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text(words)
        expect(shown).to_be_in_viewport()
    lines = page.locator(".o_crm_meeting_item").count()
    linked = page.locator(".o_crm_meeting_item:has(button[name=show])").count()
    assert lines == linked


def add_rival(page, name):
    page.locator("button[name=add][data-kind=rival]").click()
    added = item(page, "rival").last
    expect(added).to_contain_text("ajouté à la main")
    added.locator("textarea").fill(name)
    added.locator("textarea").press("Tab")
    expect(added.locator("textarea")).to_have_value(name)
    page.wait_for_timeout(500)


def check_end(agency, figures, has_model):
    """One approved summary, two activities, a day for the words to go."""
    (summary,) = agency.summaries()
    assert summary["state"] == "approved"
    assert summary["approved_by_id"][1] == agency.seller_name
    assert summary["answered_by"] == ("model" if has_model else "rules")
    purge = date.fromisoformat(summary["purge_date"])
    assert purge == date.today() + timedelta(days=30)
    activities = agency.activities()
    wanted = sorted(day.isoformat() for _words, day in figures.actions())
    assert [activity["date_deadline"] for activity in activities] == wanted
    assert {activity["user_id"][1] for activity in activities} == {agency.seller_name}
    note = agency.last_note()
    for words in (figures.rival, "Koba Studio", figures.decider):
        assert words in note
    lead = agency.rpc.read("crm.lead", agency.lead_id, "expected_revenue")
    assert lead["expected_revenue"] == agency.amount
    (call,) = agency.calls("meeting.summary")
    assert (call["state"], call["decision"]) == ("done", "edited")


def test_bad_files_and_a_text_that_is_pasted(site, browsing):
    agency = Agency(site, "Bureau Brouillon", JOURNEY)
    page = browsing.login(site.url, agency.seller, agency.seller, PHONE)
    open_meetings(page, site, agency)
    # The browser notes each refused upload in its console.
    for name, content, words in (
        ("vide.txt", b"", "vide"),
        ("devis.pdf", b"%PDF-1.7 abc", "Ce type de fichier"),
        ("bruit.txt", bytes(range(256)) * 30, "lisible"),
    ):
        drop(page, name, content)
        expect(page.locator(".o_crm_drop_zone .alert")).to_contain_text(words)
    browsing.picture(page, "at08_bad_file")
    assert not agency.summaries()
    browsing.errors[:] = [e for e in browsing.errors if "/upload" not in e]
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "Paul : Notre budget est de 8 200 euros.");
            const zone = document.querySelector(".o_crm_drop_zone");
            zone.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true})
            );
        }"""
    )
    amount = item(page, "budget").locator("input[name=amount]")
    expect(amount).to_have_value("8200")
    browsing.picture(page, "at08_pasted")


# -- recording -----------------------------------------------------------------------


def test_a_recording_survives_a_reload(site, recorder_browser, llm):
    agency = Agency(site, "Agence Micro", JOURNEY)
    agency.connect_model(llm.openai_url)
    page = recorder_browser.login(site.url, agency.seller, agency.seller)
    open_meetings(page, site, agency)
    page.click("button[name=record_meeting]")
    start = page.locator("button[name=record]")
    expect(start).to_be_disabled()
    page.check("input[name=consent]")
    recorder_browser.picture(page, "at08_recorder_ready")
    start.click()
    expect(page.locator("[data-phase=recording]")).to_be_visible()
    page.wait_for_function(
        "parseInt(document.querySelector('[role=meter]').ariaValueNow) > 0"
    )
    wait_until(lambda: agency.chunks() >= 1, 30, "the first chunk arrives")
    recorder_browser.picture(page, "at08_recording")
    page.click("button[name=pause]")
    expect(page.locator("[data-phase=paused]")).to_be_visible()
    page.click("button[name=resume]")

    # The network goes: what is recorded waits in the browser, also through a reload.
    page.context.route("**/crm_ai_meeting/chunk/**", lambda route: route.abort())
    expect(page.get_by_text("Pas de réseau")).to_be_visible(timeout=30_000)
    arrived = agency.chunks()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    again = page.locator("button[name=record]")
    expect(again).to_contain_text("Reprendre")
    waiting = page.locator(".o_crm_recorder_sent")
    expect(waiting).to_be_visible()
    assert int(waiting.get_attribute("data-waiting")) >= 1
    recorder_browser.picture(page, "at08_recorder_reloaded")
    page.context.unroute("**/crm_ai_meeting/chunk/**")
    wait_until(lambda: agency.chunks() > arrived, 30, "what waited arrives")

    # A second piece, then the end.
    again.click()
    expect(page.locator("[data-phase=recording]")).to_be_visible()
    count = agency.chunks()
    wait_until(lambda: agency.chunks() > count, 30, "a chunk of the second piece")
    page.click("button[name=finish]")
    expect(item(page, "budget")).to_be_visible(timeout=60_000)
    recorder_browser.picture(page, "at08_recorded_review")
    (summary,) = agency.summaries()
    assert (summary["source"], summary["state"]) == ("recording", "review")
    assert agency.chunks() == 0
    (call,) = agency.calls("meeting.transcribe")
    assert (call["state"], call["parts"]) == ("done", 2)
    recorder_browser.errors[:] = [
        error for error in recorder_browser.errors if "/chunk/" not in error
    ]
    sounds = [r for r in llm.state.requests if "transcriptions" in str(r)]
    assert sounds


def test_a_recording_without_model_says_what_to_do(site, recorder_browser):
    agency = Agency(site, "Agence Muette", JOURNEY)
    page = recorder_browser.login(site.url, agency.seller, agency.seller, PHONE)
    open_meetings(page, site, agency)
    page.click("button[name=record_meeting]")
    page.check("input[name=consent]")
    page.click("button[name=record]")
    expect(page.locator("[data-phase=recording]")).to_be_visible()
    page.wait_for_timeout(1500)
    page.click("button[name=finish]")
    expect(page.get_by_text("Aucune connexion ne sait transcrire")).to_be_visible(
        timeout=40_000
    )
    recorder_browser.picture(page, "at08_no_model_for_sound")
    drop(page, "notes.txt", b"Paul : Notre budget est de 8 200 euros.")
    expect(item(page, "budget").locator("input[name=amount]")).to_have_value("8200")


@pytest.mark.parametrize(
    ("name", "viewport"),
    [("Agence Agenda", WIDE), ("Agence Poche", PHONE)],
    ids=["desk", "phone"],
)
def test_a_recording_on_a_meeting(site, recorder_browser, llm, name, viewport):
    """From the meeting in the calendar; the summary is of its deal, too."""
    agency = Agency(site, name, JOURNEY)
    agency.connect_model(llm.openai_url)
    event = agency.rpc.create(
        "calendar.event",
        name="Point avec le client",
        start=f"{date.today()} 09:00:00",
        stop=f"{date.today()} 10:00:00",
        user_id=agency.seller_id,
        opportunity_id=agency.lead_id,
    )
    page = recorder_browser.login(site.url, agency.seller, agency.seller, viewport)
    page.goto(f"{site.url}/odoo/calendar.event/{event}")
    page.click("a[name=crm_meetings]")
    page.click("button[name=record_meeting]")
    page.check("input[name=consent]")
    page.click("button[name=record]")
    expect(page.locator("[data-phase=recording]")).to_be_visible()
    recorder_browser.picture(page, f"at08_event_recording_{agency.key}")
    wait_until(lambda: agency.chunks() >= 1, 30, "the first chunk arrives")
    page.click("button[name=finish]")
    expect(item(page, "budget")).to_be_visible(timeout=60_000)
    recorder_browser.picture(page, f"at08_event_review_{agency.key}")
    (summary,) = agency.summaries()
    found = agency.rpc.read("crm.meeting.summary", summary["id"], "event_id", "lead_id")
    assert found["event_id"][0] == event
    assert found["lead_id"][0] == agency.lead_id
