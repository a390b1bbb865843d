"""The sign-in host: JWT grant with a real RS256 check, consent, user info."""

import base64
import html
import json
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from .errors import GrantError, bad_token, invalid_grant

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = {"signature", "impersonation"}
LONGEST_SECONDS = 3600
SKEW_SECONDS = 60


def _decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class SignIn:
    """Answers of ``account-d.docusign.com``."""

    def __init__(self, state):
        self.state = state

    def token(self, values):
        """Exchange a signed assertion for an access token."""
        if values.get("grant_type") != GRANT:
            raise GrantError("unsupported_grant_type")
        try:
            head, body, signature = values.get("assertion", "").split(".")
            header, claims = json.loads(_decode(head)), json.loads(_decode(body))
            signed, given = f"{head}.{body}".encode(), _decode(signature)
        except (ValueError, TypeError) as error:
            raise invalid_grant("assertion_malformed") from error
        app = self.state.apps.get(claims.get("iss"))
        if app is None:
            raise invalid_grant("issuer_not_found")
        if header.get("alg") != "RS256" or not self._is_signed(app, signed, given):
            raise invalid_grant("no_valid_keys_or_signatures")
        self._check_claims(claims)
        person = self.state.people.get(claims.get("sub"))
        if person is None:
            raise invalid_grant("user_not_found")
        if person.guid not in app.consents:
            raise GrantError("consent_required")
        token = secrets.token_urlsafe(40)
        with self.state.lock:
            lasts = self.state.settings.token_seconds
            self.state.tokens[token] = (person.guid, self.state.now() + lasts)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": lasts,
            "scope": "signature impersonation",
        }

    def _is_signed(self, app, signed, signature):
        for pem in app.public_keys:
            key = serialization.load_pem_public_key(pem.encode())
            try:
                key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
                return True
            except InvalidSignature:
                continue
        return False

    def _check_claims(self, claims):
        now = self.state.now()
        if claims.get("aud") != urlsplit(self.state.base_url).netloc:
            raise invalid_grant("audience_invalid")
        issued, expires = claims.get("iat"), claims.get("exp")
        if not (isinstance(issued, int) and isinstance(expires, int)):
            raise invalid_grant("assertion_malformed")
        if issued > now + SKEW_SECONDS or expires < now - SKEW_SECONDS:
            raise invalid_grant("expired_grant")
        if expires - issued > LONGEST_SECONDS:
            raise invalid_grant("expiration_too_long")
        if not set(str(claims.get("scope", "")).split()) >= SCOPES:
            raise GrantError("invalid_scope")

    def person(self, authorization):
        """Return who speaks; refuse a token that is unknown or too old."""
        kind, _space, token = (authorization or "").partition(" ")
        known = self.state.tokens.get(token.strip())
        if kind.lower() != "bearer" or not known or known[1] < self.state.now():
            raise bad_token()
        return self.state.people[known[0]]

    def user_info(self, person):
        accounts = [a for a in self.state.accounts.values() if person.guid in a.members]
        given, _space, family = person.name.partition(" ")
        return {
            "sub": person.guid,
            "name": person.name,
            "given_name": given,
            "family_name": family,
            "created": "2024-01-15T09:00:00.000",
            "email": person.email,
            "accounts": [
                {
                    "account_id": account.id,
                    "is_default": position == 0,
                    "account_name": account.name,
                    "base_uri": self.state.base_url,
                }
                for position, account in enumerate(accounts)
            ],
        }

    # -- consent, in a browser ---------------------------------------------------

    def consent_page(self, query):
        """Return (status, HTML) of the page where a person agrees."""
        app, values = self._asked(query)
        if app is None:
            return 400, "<h1>This link is not valid</h1>"
        people = "".join(
            f'<option value="{html.escape(person.guid)}">'
            f"{html.escape(person.name)}</option>"
            for person in self.state.people.values()
        )
        return 200, (
            "<!doctype html><html lang='en'><meta charset='utf-8'>"
            "<title>DocuSign stand-in</title><h1>Allow access?</h1>"
            f"<p>Application {html.escape(app.key)} asks for: signature, "
            "impersonation.</p><form method='post'>"
            f"<select name='user'>{people}</select>"
            "<button type='submit'>Allow access</button></form></html>"
        )

    def consent(self, query, form):
        """Note that a person agreed; return where the browser goes next."""
        app, values = self._asked(query)
        if app is None or form.get("user") not in self.state.people:
            return None
        app.consents.add(form["user"])
        asked = {"code": secrets.token_urlsafe(24)}
        if values.get("state"):
            asked["state"] = values["state"]
        return f"{values['redirect_uri']}?{urlencode(asked)}"

    def _asked(self, query):
        values = {name: items[0] for name, items in parse_qs(query).items()}
        app = self.state.apps.get(values.get("client_id"))
        fits = (
            app
            and values.get("response_type") == "code"
            and set(values.get("scope", "").split()) >= SCOPES
            and values.get("redirect_uri") in app.redirect_uris
        )
        return (app if fits else None), values
