"""Words by which people in a meeting promise, ask for and need things, folded."""

from __future__ import annotations

import re

# infinitive -> what it looks like in "je vous ..." and after "vais"
VERBS = {
    "Envoyer": r"envo(?:ie|yons|yez|yer|ies|ient|yiez)|enverr\w+",
    "Transmettre": r"transm(?:ets?|ettons|ettez|ettre|ettr\w+)",
    "Faire parvenir": r"(?:fais|ferai|fait|ferons|faisons|faire) parvenir",
    "Préparer": r"prepar(?:e|ons|ez|er|erai|era|erons)",
    "Organiser": r"organis(?:e|ons|ez|er|erai|era|erons)",
    "Planifier": r"planifi(?:e|ons|ez|er|erai|era|erons)"
    r"|programm(?:e|ons|er|erai|era|erons)|cal(?:e|ons|ez|er|erai|era|erons)"
    r"|fix(?:e|ons|er|erai|era|erons) (?:un|une|le|la|ce|cette)",
    "Rappeler": r"rappell?(?:e|ons|ez|er|erai|era|erons)",
    "Recontacter": r"recontact(?:e|ons|er|erai|era|erons)"
    r"|(?:prends|prendrai|prenons|prendre|reprends|reprendre) contact",
    "Relancer": r"relanc(?:e|er|erai|era|erons)",
    "Chiffrer": r"chiffr(?:e|ons|er|erai|era|erons)",
    "Rédiger": r"redig(?:e|eons|er|erai|era|erons)",
    "Vérifier": r"verifi(?:e|ons|er|erai|era|erons)",
    "Confirmer": r"confirm(?:e|ons|er|erai|era|erons)",
    "Partager": r"partag(?:e|eons|er|erai|era|erons)",
    "Présenter": r"present(?:e|ons|er|erai|era|erons)",
    "Fournir": r"fourni(?:s|t|r|ssons|rai|ra|rons)",
    "Communiquer": r"communiqu(?:e|ons|er|erai|era|erons)",
    "Mettre à jour": r"(?:mets|mettons|mettre|mettrai) a jour",
    "Revenir vers vous avec": r"(?:reviens|revenons|revenir|reviendrai|reviendrons)"
    r" vers (?:vous|toi)(?: avec)?",
    "Inviter": r"invit(?:e|ons|er|erai|era|erons)",
    "Valider": r"valid(?:e|ons|ez|er|erai|era|erons)",
    "Livrer": r"livr(?:e|ons|er|erai|era|erons)",
    "Montrer": r"montr(?:e|ons|er|erai|era|erons)",
    "Proposer": r"propos(?:e|ons|er|erai|era|erons)",
    "Donner": r"donn(?:e|ons|er|erai|era|erons)",
    "Ajouter": r"(?:r)?ajout(?:e|ons|er|erai|era|erons)",
    "Réserver": r"reserv(?:e|ons|er|erai|era|erons)",
    "Faire": r"(?:refais|fais|ferai|faisons|ferons|fera|faire)(?! parvenir)",
}
# A deliverable must come with these: alone they say little.
WEAK = {"Faire", "Donner", "Proposer", "Ajouter", "Montrer", "Présenter", "Valider",
        "Confirmer", "Livrer", "Partager", "Inviter"}  # fmt: skip
VERB = re.compile(
    r"\b(?:" + "|".join(f"(?P<v{i}>{p})" for i, p in enumerate(VERBS.values())) + r")\b"
)
INFINITIVES = tuple(VERBS)

# deliverable -> verb when nobody says one
DELIVERABLES = {
    r"propositions?|propale": "Envoyer",
    r"devis|chiffrages?|cotation|offre(?= (?:technique|commerciale|chiffree|ecrite))": (
        "Envoyer"
    ),
    r"demos?|demonstrations?": "Organiser",
    r"maquettes?|prototypes?|wireframes?": "Envoyer",
    r"planning|calendrier|retroplanning|feuille de route": "Envoyer",
    r"references? clients?|references|cas clients?|etudes? de cas|exemples?": "Envoyer",
    r"contrat|convention|accord de confidentialite|nda|bon de commande": "Envoyer",
    r"documentation|documents?|plaquette|presentation|brochure|fiche technique": (
        "Envoyer"
    ),
    r"compte[ -]rendu|synthese|recapitulatif|recap": "Envoyer",
    r"cahier des charges|specifications?|specs|expression de besoins?|brief": "Envoyer",
    r"audit|etude|diagnostic|analyse d'impact": "Réaliser",
    r"ateliers?|rendez-vous|reunion|visio|point|visite|rencontre|appel": "Planifier",
    r"pilote|poc|periode d'essai": "Organiser",
    r"acces|identifiants|export|extraction|fichiers?|jeu de donnees|charte graphique": (
        "Envoyer"
    ),
    r"rib|kbis|attestations?|facture d'acompte": "Envoyer",
    r"formation": "Planifier",
    r"tarifs?|grille tarifaire|prix detaille|estimation": "Envoyer",
    r"coordonnees|contacts?|liste": "Envoyer",
}
DELIVERABLE = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<d{i}>{p})" for i, p in enumerate(DELIVERABLES))
    + r")\b(?P<adjective>\s+(?:technique|commerciale?|detaille[es]*|chiffree?"
    r"|fonctionnelle|financiere?|juridique|produit|complete|ecrite|global|globale))?"
)
DEFAULT_VERBS = tuple(DELIVERABLES.values())

PROMISE = re.compile(
    r"\b(?:je|j'|on|nous)\s*(?:(?:vous|te|leur|lui|les|la|le|l'|y|nous|me|se)\s*){0,3}"
    r"(?:(?:vais|va|allons|peux|peut|pouvons|dois|doit|devons|propose de)\s+)?"
    r"(?:(?:vous|te|leur|lui|les|la|le|l'|y|nous|me|aussi|egalement|tout de suite|deja)"
    r"\s*){0,3}$"
)
PASSED_ON = re.compile(
    r"\b(?:va|vont|doit|doivent|se charge(?:ra)? de|s'occupe(?:ra)? de(?: vous)?)\s+"
    r"(?:(?:vous|nous|leur|lui|les|la|le|l')\s*){0,2}$"
)
WILL_DO = re.compile(
    r"\b(?:(?:vous|nous|leur|lui)\s+)?(?:enverra|transmettra|preparera|organisera"
    r"|rappellera|recontactera|fera parvenir|planifiera|redigera|confirmera)\b"
)
REQUEST = re.compile(
    r"\b(?:pouvez[- ]vous|pourriez[- ]vous|pourrais[- ]tu|peux[- ]tu|pourrez[- ]vous"
    r"|vous (?:pouvez|pourriez|pourrez)|est-ce que vous (?:pouvez|pourriez)|merci de"
    r"|pensez a|n'oubliez pas de|a vous de|je vous (?:laisse|demande de)"
    r"|possible de)\s+"
    r"(?:(?:nous|me|m'|lui|leur|les|la|le|l'|aussi)\s*){0,3}$"
)
NEED = re.compile(
    r"\bil (?:(?:nous|me|vous|te|m'|en) ?)?(?:faudrait|faudra|faut"
    r"|va (?:nous )?falloir)\b"
    r"|\bj'(?:aurai[st]? (?:aussi )?besoin|aimerais|attends)\b|\bje (?:voudrais"
    r"|souhaite\w*)"
    r"|\b(?:nous|on) (?:aurait|aurions|avons|a|aura) (?:aussi |bien "
    r"|vraiment )?besoin\b"
    r"|\b(?:nous|on) (?:voudrait|aimerait|souhaite\w*|attend|attendons|voudrions"
    r"|aimerions"
    r"|demande|demandons)\b|\bil (?:nous |me )?manque\b|\bce serait bien d'avoir\b"
    r"|\bpourrait[- ]on (?:avoir|voir)\b|\bpeut[- ]on (?:avoir|voir|organiser|faire)\b"
    r"|\b(?:pouvez|pourriez)[- ]vous (?:nous |me )?faire\b|\bbesoin (?:de |d')"
    r"|\bon pourrait (?:avoir|voir|organiser|faire)\b"
    r"|\bserait[- ]il possible (?:de|d')|\b(?:nous voulons|on veut|je veux)\b"
    r"|\bserait (?:tres |bien )?(?:utile|bienvenue?|interessante?|ideale?)\b"
)
# somebody takes a thing on, without saying what he does with it
TAKEN_ON = re.compile(
    r"\b(?:je m'(?:en )?occupe|je me charge|je prends en charge|nous nous (?:occupons"
    r"|chargeons))\b|\bvous (?:aurez|recevrez)\b"
)
# "pour résumer : proposition vendredi, démo mardi"
RECAP = re.compile(
    r"\brecap|\bpour resumer\b|\ben resume\b|\bprochaines? etapes?\b"
    r"|\bon (?:se )?dit donc\b"
    r"|\bon fait le point\b|\bactions?\s*:"
)
LABELLED = re.compile(r"^(?:action|a faire|todo|prochaine etape)s?\s*:\s*")
# never an action; the second: unless a date is said
HABIT = re.compile(
    r"\bchaque\b|\btoujours\b|d'habitude|en general|\bsouvent\b|\btous les\b(?! deux)"
    r"|\btoutes les\b|a chaque fois|\bparfois\b|\bpar (?:mois|semaine|jour)\b"
    r"|\bles (?:lundi|mardi|mercredi|jeudi|vendredi)s\b"
)
NOW = re.compile(
    r"actuellement|jusqu'ici|l'an dernier|pour l'instant|\bnormalement\b|aujourd'hui,"
)
PAST = re.compile(r"\b(?:ai|as|a|avons|avez|ont|avais|avait)\s+(?:deja\s+|bien\s+)?$")
NEGATED = re.compile(r"\bn(?:e |')\s*[^,.]{0,40}\b(?:pas|plus|jamais|rien)\b")
# what ends the object of an action
OBJECT_END = re.compile(
    r"\s*(?:[,;.!?:]|\b(?:avant|d'ici|dans|sous|pour (?:le |la |que|fin|debut)|afin"
    r"|des que"
    r"|quand|lorsque|parce|car|si|et (?:je|on|nous|vous|il|puis|ensuite)|mais|qui"
    r"|ou (?:je"
    r"|on)|comme (?:ca|cela)|au plus tard|demain|apres-demain|lundi|mardi|mercredi"
    r"|jeudi"
    r"|vendredi|samedi|dimanche|la semaine prochaine|en debut|en fin|fin|debut"
    r"|courant|mi-"
    r"|le \d+|le premier|et (?:une?|la|le|les|des|deux|trois|votre|vos|de)"
    r"|s'il (?:vous|te) plait|svp|hein|voila|alors|a l'issue|aujourd'hui"
    r"|ce soir|cette semaine|rapidement|serait|sera|tout de suite|en parallele"
    r"|aussi vite)\b)"
)
