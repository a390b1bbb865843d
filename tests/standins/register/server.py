"""``GET /search`` of API Recherche d'entreprises, with its errors and its faults."""

import time
from urllib.parse import parse_qs

from ..serving import Handler, Standin

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


_JSON = "application/json"
_FAULT_ANSWERS = {
    "down": lambda standin: (503, b"maintenance", "text/plain"),
    "busy": lambda standin: (
        429,
        b'{"erreur": "trop de requetes"}',
        _JSON,
        {"Retry-After": standin.retry_after},
    ),
    "garbage": lambda standin: (200, b"<html>portail</html>", "text/html"),
    "wrong": lambda standin: (200, b'{"results": [{"siren": "12"}]}', _JSON),
}


class _Handler(Handler):
    server_version = "register-standin"

    def dispatch(self, method, url, body):
        standin = self.standin
        params = parse_qs(url.query)
        agent = self.headers.get("User-Agent")
        standin.requests.append((url.path, params.get("q", [""])[0], agent))
        time.sleep(standin.delay_seconds)
        if url.path != "/search":
            self.answer_json(404, {"erreur": "not found"})
        elif standin.fault in _FAULT_ANSWERS:
            self.answer(*_FAULT_ANSWERS[standin.fault](standin))
        elif standin.fault == "cut":
            self.cut()
        else:
            status, answer = standin.search(params)
            if standin.fault == "hidden":
                answer["results"] = [
                    {**row, "siege": {**row["siege"], "libelle_voie": "[ND]"}}
                    for row in answer.get("results", ())
                ]
            self.answer_json(status, answer)


class RegisterStandin(Standin):
    """The register on this machine.

    :ivar fault: one of ``FAULTS``
    :ivar requests: (path, query, User-Agent) of each call
    """

    name = "register-standin"
    handler_class = _Handler

    def __init__(self, port=0, host="127.0.0.1", directory=DIRECTORY):
        super().__init__(port, host)
        self.fault = "none"
        self.delay_seconds = 0.0
        self.retry_after = "3"
        self.requests = []
        self.directory = list(directory)

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
