"""A signer and his browser, without a browser."""

from lxml import html

from odoo.tests import HttpCase

from odoo.addons.crm_base.tests.common import PublicPageMixin

from .common import SignMixin, make_png


class SignPageCase(SignMixin, PublicPageMixin, HttpCase):
    """Requests whose signers read French, and the addresses they open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def sent(self, *signers, **values):
        """A request that was sent, and the path of each signer who has a link."""
        people = [
            {"lang": "fr_FR", **({"name": s} if isinstance(s, str) else s)}
            for s in signers or ("Marie Dupont",)
        ]
        request, *signers = self.send(*people, **values)
        self.env.flush_all()
        return request, *signers

    def path(self, signer):
        return f"/sign/s/{self.read_link(signer)}"

    def see(self, path):
        """Open an address; return the answer and the words on the page."""
        self.env.flush_all()
        answer = self.url_open(path, headers={"Accept-Language": "fr-FR,fr;q=0.9"})
        return answer, words(answer)

    def press(self, path, action, files=None, page="", **values):
        """Press the button that posts there, with the page's own protection."""
        self.env.flush_all()
        tree = html.fromstring(self.url_open(path + page).content)
        # A page without a button: what an older tab of this browser would send.
        for token in tree.xpath("//input[@name='csrf_token']/@value")[:1]:
            self.token = token
        answer = self.url_open(
            path + action,
            data={"csrf_token": self.token, **values},
            files=files,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def identify_page(self, signer):
        """Read, ask for the code, type it: this browser may sign."""
        path = self.path(signer)
        self.press(path, "/code")
        return self.press(path, "/check", code=self.read_code(signer))

    def sign_page(self, signer, **values):
        """Sign in this browser, code included."""
        self.identify_page(signer)
        return self.press_sign(self.path(signer), **values)

    def press_sign(self, path, signature=None, **values):
        files = {"signature": ("s.png", signature or make_png(), "image/png")}
        return self.press(path, "/sign", files=files, **{"consent": "1", **values})

    def other_browser(self):
        """Forget the cookies of this one."""
        self.opener.cookies.clear()
        self.authenticate(None, None)


def words(answer):
    """The visible words of a page."""
    tree = html.fromstring(answer.content)
    return " ".join(tree.text_content().split())


def screen(answer):
    """Which screen an answer is, told by what only this one has."""
    tree = html.fromstring(answer.content)
    if tree.xpath("//form[@data-sign]"):
        return "sign"
    if tree.xpath("//input[@id='sign-code']"):
        return "code"
    if tree.xpath("//*[@data-document]"):
        return "read"
    return "status"
