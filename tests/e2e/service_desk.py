"""A desk whose documents are signed at a service's stand-in, on two real servers."""

import base64
import dataclasses
from contextlib import contextmanager

from tests.e2e.exchange.site import Site
from tests.e2e.running_site import Rpc
from tests.standins.yousign.files import make_pdf

PDF = make_pdf([["Contrat de prestation"], ["Annexe"]])
# Seconds; far more than it takes on a machine with nothing else to do.
PATIENCE, LONG_PATIENCE = 90, 240


@contextmanager
def service_site(workspace, folder, service, url):
    """A database whose servers may call the stand-in of a service at this address."""
    from launcher.testing.template import ensure_templates

    place = Site.place_from_workspace(workspace, ensure_templates(workspace).suite)
    env = {**place.env, f"CRM_STANDIN_{service.upper()}_URL": url}
    place = dataclasses.replace(place, env=env)
    with Site.opened(place, service, folder) as site:
        yield site


class ServiceDesk:
    """What a person does with us, and sees; a subclass knows the service.

    :cvar module: the addon of the service
    :cvar cron: name of its check for missed news
    """

    module = cron = ""

    def __init__(self, site, standin, **connection):
        self.site, self.standin = site, standin
        self.servers = [site.server(), site.server()]
        first, second = self.servers
        # Events come in by the other server.
        for name, value in (
            ("crm_integrations.lease_seconds", "10"),
            ("web.base.url", second.url),
            ("web.base.url.freeze", "True"),
        ):
            first.call("ir.config_parameter", "set_param", [name, value])
        [self.connection_id] = first.call("crm.connection", "create", [[connection]])

    # === With us === #

    def connection(self, *names):
        ids = [self.connection_id]
        return self.servers[0].call("crm.connection", "read", [ids, list(names)])[0]

    def send(self, *people, number=1):
        """Send a contract; people sign one after the other."""
        server = self.servers[0]
        values = {
            "name": f"Contrat {number}",
            "service": str(self.connection_id),
            "signer_ids": [
                (0, 0, {"name": name, "email": email, "order": order})
                for order, (name, email) in enumerate(people, start=1)
            ],
        }
        [request_id] = server.call("crm.sign.request", "create", [[values]])
        document = {
            "request_id": request_id,
            "name": f"Contrat {number}.pdf",
            "content": base64.b64encode(PDF).decode(),
        }
        server.call("crm.sign.document", "create", [[document]])
        server.call("crm.sign.request", "action_send", [[request_id]])
        return request_id

    def states(self):
        return dict(
            self.site.rows(
                "SELECT id, state || '/' || seal_state FROM crm_sign_request"
            )
        )

    def reference(self, request_id):
        sql = "SELECT reference FROM crm_sign_request WHERE id = %s"
        return self.site.rows(sql, request_id)[0][0]

    def kinds(self, request_id):
        """Kinds of the evidence of a request, oldest first."""
        sql = "SELECT kind FROM crm_sign_event WHERE request_id = %s ORDER BY sequence"
        return [kind for (kind,) in self.site.rows(sql, request_id)]

    def refusal(self, request_id):
        sql = "SELECT refused_reason FROM crm_sign_signer WHERE request_id = %s"
        return self.site.rows(sql, request_id)[0][0]

    def sealed_count(self):
        sql = "SELECT count(*) FROM crm_sign_event WHERE kind = 'sealed'"
        return self.site.rows(sql)[0][0]

    def files(self, request_id):
        """(signed file, proof of the service) as stored with us."""
        server = self.servers[1]
        [row] = server.call(
            "crm.sign.request", "read", [[request_id], ["audit_attachment_id"]]
        )
        [[final_id]] = self.site.rows(
            "SELECT final_attachment_id FROM crm_sign_document WHERE request_id = %s",
            request_id,
        )
        ids = [final_id, row["audit_attachment_id"][0]]
        rows = server.call("ir.attachment", "read", [ids, ["datas"]])
        return [base64.b64decode(row["datas"]) for row in rows]

    def look_now(self):
        """Let the check for missed news run."""
        server = self.servers[1]
        domain = [("module", "=", self.module), ("name", "=", self.cron)]
        [cron] = server.call("ir.model.data", "search_read", [domain, ["res_id"]])
        server.call("ir.cron", "method_direct_trigger", [[cron["res_id"]]])

    def hurry(self):
        """Press Retry on what met two faults and would wait for five minutes."""
        rows = self.site.rows(
            "SELECT id FROM crm_exchange"
            " WHERE state = 'pending' AND lease_until IS NULL"
            " AND next_attempt_at > now() AT TIME ZONE 'utc' + interval '20 seconds'"
        )
        if rows:
            rpc = Rpc(self.servers[1].url, self.site.database, "admin", "admin")
            rpc.call("crm.exchange", "action_retry", [row[0] for row in rows])
        return True

    def is_idle(self):
        """Tell whether no message waits or has failed."""
        self.hurry()
        return self.site.count("state IN ('failed', 'pending')") == 0

    # === At the service === #

    def steer(self, action, /, **values):
        return self.standin.admin.call("POST", action, values)

    def remote(self, request_id):
        """The only request of this reference there, None when there is none."""
        found = self.standin.find(self.reference(request_id))
        assert len(found) <= 1, "created twice"
        return found[0] if found else None

    def is_out(self, request_id):
        """Whether the service has written to the signers."""
        raise NotImplementedError

    # === Waiting === #

    def wait(self, done, seconds, what):
        self.site.wait_until(done, seconds, what)

    def wait_out(self, request_id):
        self.wait(lambda: self.is_out(request_id), PATIENCE, "never sent")

    def wait_state(self, request_id, state):
        """:param state: of the request and of its signed file, as in `states`"""
        self.wait(lambda: self.states()[request_id] == state, PATIENCE, f"not {state}")
