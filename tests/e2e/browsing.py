"""A headless browser that keeps what goes wrong in its console."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=20_000)


class Browsing:
    """Pages of one test; check() fails on any error in their console."""

    def __init__(self, browser: Browser, pictures: Path):
        self.browser = browser
        self.pictures = pictures
        self.errors: list[str] = []

    def open(self, viewport: dict = WIDE) -> Page:
        """A fresh private window, in French."""
        context = self.browser.new_context(
            locale="fr-FR", timezone_id="Europe/Paris", viewport=viewport
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        return page

    def _note(self, message) -> None:
        url = message.location.get("url", "")
        # Browsers ask for it on their own; the stand-in has none.
        if message.type == "error" and not url.endswith("/favicon.ico"):
            self.errors.append(f"{message.text} ({url})")

    def login(self, url: str, login: str, password: str, viewport=WIDE) -> Page:
        """Log in as a person does."""
        page = self.open(viewport)
        page.goto(f"{url}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar, .o_home_menu", timeout=60_000)
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep the screen at both widths."""
        former = page.viewport_size
        for viewport in (WIDE, PHONE):
            page.set_viewport_size(viewport)
            page.wait_for_timeout(400)
            page.screenshot(path=self.pictures / f"{name}_{viewport['width']}.png")
        page.set_viewport_size(former)

    def check(self) -> None:
        assert not self.errors, "\n".join(self.errors)
