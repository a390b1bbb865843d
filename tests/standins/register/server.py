"""``GET /search`` of API Recherche d'entreprises, with its errors and its faults."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MIN_QUERY = 3
MAX_PER_PAGE = 25
FAULTS = ("none", "down", "busy", "garbage", "cut", "wrong", "hidden")


def company(siren, name, **values):
    """Return one result in the shape of the register; ``values`` replace fields."""
    siret = values.pop("siret", f"{siren}00010")
    place = {
        "siret": siret,
        "adresse": "12 RUE DES TANNEURS 69007 LYON",
        "complement_adresse": None,
        "numero_voie": "12",
        "indice_repetition": None,
        "type_voie": "RUE",
        "libelle_voie": "DES TANNEURS",
        "code_postal": "69007",
        "libelle_commune": "LYON",
        "commune": "69387",
        "cedex": None,
        "latitude": "45.74",
        "longitude": "4.84",
        "etat_administratif": "A",
        "liste_enseignes": None,
        "nom_commercial": None,
        "activite_principale": "62.01Z",
        "date_creation": "2015-03-02",
    }
    place.update(values.pop("siege", {}))
    return {
        "siren": siren,
        "nom_complet": f"{name} (SIGLE)",
        "nom_raison_sociale": name,
        "sigle": None,
        "nombre_etablissements": 1,
        "nombre_etablissements_ouverts": 1,
        "siege": place,
        "activite_principale": "62.01Z",
        "activite_principale_naf25": "62.10Y",
        "categorie_entreprise": "PME",
        "date_creation": "2015-03-02",
        "date_fermeture": None,
        "etat_administratif": "A",
        "nature_juridique": "5710",
        "section_activite_principale": "J",
        "tranche_effectif_salarie": "11",
        "statut_diffusion": "O",
        "dirigeants": [],
        "matching_etablissements": [],
        "finances": None,
        "complements": {"est_association": False},
        "tva": [],
        **values,
    }


DIRECTORY = (
    company("732829320", "AGENCE LUMEN", siret="73282932000074", tva=["FR44732829320"]),
    company(
        "443061841",
        "GOOGLE FRANCE",
        siret="44306184100047",
        nature_juridique="5499",
        activite_principale="73.11Z",
        siege={
            "adresse": "8 RUE DE LONDRES 75009 PARIS",
            "numero_voie": "8",
            "libelle_voie": "DE LONDRES",
            "code_postal": "75009",
            "libelle_commune": "PARIS",
        },
    ),
    company(
        "552032534",
        "LUMEN ANCIENNE",
        siret="55203253400646",
        etat_administratif="C",
        date_fermeture="2024-06-30",
    ),
)


class RegisterStandin:
    """Start with ``start()`` or as a context manager.

    :ivar fault: one of ``FAULTS``
    :ivar requests: (path, query, User-Agent) of each call
    """

    def __init__(self, port=0, host="127.0.0.1", directory=DIRECTORY):
        self.fault = "none"
        self.delay_seconds = 0.0
        self.retry_after = "3"
        self.requests = []
        self.directory = list(directory)
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server((host, port), handler)
        self.base_url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = None

    def start(self):
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="register-standin",
            daemon=True,
        )
        self._thread.start()
        return self

    def serve_forever(self):
        self._server.serve_forever()

    def stop(self):
        if self._thread:
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    def search(self, params):
        """Return (status, answer) of one question."""
        query = params.get("q", [""])[0].strip()
        per_page = int(params.get("per_page", ["10"])[0])
        if not 1 <= per_page <= MAX_PER_PAGE:
            return 400, {"erreur": "Veuillez indiquer un paramètre per_page valide."}
        is_number = query.isdigit() and len(query) in (9, 14)
        if len(query) < MIN_QUERY:
            return 400, {"erreur": "3 caractères minimum pour les termes de la requête"}
        found = [row for row in self.directory if _matches(row, query, is_number)]
        if is_number and len(query) == 14:
            found = [
                {**row, "matching_etablissements": [{**row["siege"], "siret": query}]}
                for row in found
            ]
        return 200, {
            "results": found[:per_page],
            "total_results": len(found),
            "page": 1,
            "per_page": per_page,
            "total_pages": -(-len(found) // per_page),
        }


def _matches(row, query, is_number):
    if is_number:
        return row["siren"] == query[:9]
    return query.casefold() in row["nom_complet"].casefold()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that did not wait is its own business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin = None

    def log_message(self, *args):
        """Silent: what was asked is in ``requests``."""

    def do_GET(self):
        url = urlsplit(self.path)
        standin = self.standin
        params = parse_qs(url.query)
        agent = self.headers.get("User-Agent")
        standin.requests.append((url.path, params.get("q", [""])[0], agent))
        time.sleep(standin.delay_seconds)
        if url.path != "/search":
            self._send(404, b'{"erreur": "not found"}')
        elif standin.fault in _FAULT_ANSWERS:
            self._send(*_FAULT_ANSWERS[standin.fault](standin))
        elif standin.fault == "cut":
            self.close_connection = True
        else:
            status, answer = standin.search(params)
            if standin.fault == "hidden":
                answer["results"] = [
                    {**row, "siege": {**row["siege"], "libelle_voie": "[ND]"}}
                    for row in answer.get("results", ())
                ]
            self._send(status, json.dumps(answer).encode())

    def _send(self, status, body, kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


_FAULT_ANSWERS = {
    "down": lambda standin: (503, b"maintenance", "text/plain"),
    "busy": lambda standin: (
        429,
        b'{"erreur": "trop de requetes"}',
        "application/json",
        [("Retry-After", standin.retry_after)],
    ),
    "garbage": lambda standin: (200, b"<html>portail</html>", "text/html"),
    "wrong": lambda standin: (200, b'{"results": [{"siren": "12"}]}'),
}
