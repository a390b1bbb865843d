"""The sentences of the drafts that rules write, by kind and tone.

A line is used when all its placeholders have a value; the first usable one wins, and
asking for another version starts one line further.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["follow_up", "reply", "quote_reminder", "thanks", "campaign", "sms"]
Tone = Literal["warm", "neutral", "firm"]
Length = Literal["short", "medium"]

GREETINGS = {
    "warm": ("Bonjour {contact},", "Bonjour,"),
    "neutral": ("Bonjour {contact},", "Madame, Monsieur,"),
    "firm": ("Bonjour {contact},", "Madame, Monsieur,"),
}
ENDINGS = {
    "warm": (
        "Au plaisir de vous lire,\nBien cordialement,",
        "Merci d’avance et à bientôt,\nBien cordialement,",
    ),
    "neutral": ("Bien cordialement,", "Cordialement,"),
    "firm": ("Dans l’attente de votre retour,\nCordialement,", "Cordialement,"),
}
SUBJECTS = {
    "follow_up": ("{deal} : où en êtes-vous ?", "Suite de nos échanges : {deal}"),
    "reply": ("Votre message : {deal}", "Réponse à votre message : {deal}"),
    "quote_reminder": (
        "Votre devis {quote}",
        "Devis {quote} : votre avis",
        "{deal} : votre devis",
    ),
    "thanks": ("Merci pour votre confiance", "Merci : {deal}"),
    "campaign": ("Des nouvelles de {seller_company}", "{seller_company} pense à vous"),
}

# What the mail is about: its first paragraph.
OPENINGS = {
    ("follow_up", "warm"): (
        "Je reviens vers vous à propos de votre projet « {deal} ». Mon devis {quote} de"
        " {quote_total} TTC vous a été adressé le {quote_sent} et je serais heureux"
        " d’en"
        " parler avec vous.",
        "J’espère que vous allez bien. Je pense à votre projet « {deal} » et au devis"
        " {quote} que je vous ai préparé.",
        "Nous avons échangé le {last_day} au sujet de votre projet « {deal} », et"
        " j’aimerais"
        " savoir où vous en êtes.",
        "J’espère que vous allez bien. Je prends des nouvelles de votre projet «"
        " {deal} ».",
    ),
    ("follow_up", "neutral"): (
        "Je me permets de revenir vers vous au sujet de « {deal} ». Le devis {quote},"
        " d’un"
        " montant de {quote_total} TTC, vous a été adressé le {quote_sent}.",
        "Je fais suite à notre devis {quote} concernant « {deal} ».",
        "Je fais suite à notre échange du {last_day} au sujet de « {deal} ».",
        "Je me permets de revenir vers vous au sujet de « {deal} ».",
    ),
    ("follow_up", "firm"): (
        "Sauf erreur de ma part, le devis {quote} du {quote_sent}, d’un montant de"
        " {quote_total} TTC, est resté sans réponse.",
        "Sauf erreur de ma part, notre devis {quote} est resté sans réponse.",
        "Sauf erreur de ma part, je suis sans nouvelles de votre part depuis notre"
        " échange"
        " du {last_day} au sujet de « {deal} ».",
        "Sauf erreur de ma part, je suis sans nouvelles de votre part au sujet de"
        " « {deal} ».",
    ),
    ("quote_reminder", "warm"): (
        "Avez-vous pu regarder le devis {quote} que je vous ai envoyé le {quote_sent}"
        " pour"
        " « {deal} » ? Son montant est de {quote_total} TTC.",
        "Avez-vous pu regarder le devis {quote} préparé pour « {deal} » ?",
        "Avez-vous pu avancer sur notre proposition pour « {deal} » ?",
    ),
    ("quote_reminder", "neutral"): (
        "Je vous ai adressé le {quote_sent} le devis {quote} relatif à « {deal} », d’un"
        " montant de {quote_total} TTC. Avez-vous pu en prendre connaissance ?",
        "Avez-vous pu prendre connaissance du devis {quote} relatif à « {deal} » ?",
        "Avez-vous pu prendre connaissance de notre proposition relative à « {deal} »"
        " ?",
    ),
    ("quote_reminder", "firm"): (
        "Le devis {quote} du {quote_sent}, d’un montant de {quote_total} TTC, attend"
        " toujours votre décision.",
        "Le devis {quote} relatif à « {deal} » attend toujours votre décision.",
        "Notre proposition relative à « {deal} » attend toujours votre décision.",
    ),
    ("reply", "warm"): (
        "Merci beaucoup pour votre message du {received_day} au sujet de « {deal} ».",
        "Merci beaucoup pour votre message au sujet de « {deal} ».",
    ),
    ("reply", "neutral"): (
        "Je vous remercie de votre message du {received_day} concernant « {deal} ».",
        "Je vous remercie de votre message concernant « {deal} ».",
    ),
    ("reply", "firm"): (
        "J’ai bien reçu votre message du {received_day} concernant « {deal} ».",
        "J’ai bien reçu votre message concernant « {deal} ».",
    ),
    ("thanks", "warm"): (
        "Un grand merci pour votre confiance : vous avez accepté le devis {won_quote}"
        " et"
        " toute l’équipe de {seller_company} s’en réjouit.",
        "Merci pour le temps que vous m’avez accordé le {met_day} : l’échange sur"
        " « {deal} » m’a été très utile.",
        "Merci pour nos échanges au sujet de « {deal} ».",
    ),
    ("thanks", "neutral"): (
        "Je vous remercie d’avoir accepté le devis {won_quote}.",
        "Je vous remercie de notre rendez-vous du {met_day} au sujet de « {deal} ».",
        "Je vous remercie de nos échanges au sujet de « {deal} ».",
    ),
    ("thanks", "firm"): (
        "J’accuse réception de votre accord sur le devis {won_quote} et vous en"
        " remercie.",
        "Je vous remercie de notre rendez-vous du {met_day} au sujet de « {deal} ».",
        "Je vous remercie de nos échanges au sujet de « {deal} ».",
    ),
    ("campaign", "warm"): (
        "Chez {seller_company}, nous aidons nos clients à mener à bien leurs projets."
        " Nous"
        " avons pensé à vous pour ce sujet : {deal}.",
        "Chez {seller_company}, nous aidons nos clients à mener à bien leurs projets,"
        " et"
        " nous avons pensé à vous.",
    ),
    ("campaign", "neutral"): (
        "{seller_company} accompagne ses clients de la première idée à la livraison."
        " Nous"
        " vous écrivons aujourd’hui au sujet de : {deal}.",
        "{seller_company} accompagne ses clients dans leurs projets, de la première"
        " idée à"
        " la livraison.",
    ),
    ("campaign", "firm"): (
        "Vos projets méritent un interlocuteur qui s’engage. {seller_company} vous"
        " propose"
        " un échange sur ce sujet : {deal}.",
        "Vos projets méritent un interlocuteur qui s’engage. {seller_company} vous"
        " propose"
        " un échange.",
    ),
}

# What completes it, in the medium length.
DETAILS = {
    "follow_up": (
        "L’offre est valable jusqu’au {quote_valid} : je peux l’ajuster si vos besoins"
        " ont"
        " changé.",
        "Si vos besoins ont changé, je peux adapter ma proposition ou répondre à vos"
        " questions.",
        "Une question ou un point à revoir ? Dites-le-moi simplement, je m’en occupe.",
    ),
    "quote_reminder": (
        "Il est valable jusqu’au {quote_valid}. Je reste à votre disposition pour en"
        " revoir"
        " le contenu ou le calendrier.",
        "Je reste à votre disposition pour en revoir le contenu ou le calendrier.",
        "Si un point vous retient, dites-le-moi : nous chercherons la solution"
        " ensemble.",
    ),
    "reply": (
        "Je regarde les points que vous soulevez et vous apporte une réponse précise au"
        " plus vite. Le devis {quote} reste notre base de travail.",
        "Je regarde les points que vous soulevez et vous apporte une réponse précise au"
        " plus vite.",
        "Je prends note de vos remarques et les étudie avec l’équipe.",
    ),
    "thanks": (
        "Je reviens vers vous avec les prochaines étapes et reste joignable pour toute"
        " question.",
        "N’hésitez pas à me dire ce qui compte le plus pour vous : nous commencerons"
        " par"
        " là.",
    ),
    "campaign": (
        "Un premier échange permet de cerner votre besoin et de dire franchement si"
        " nous"
        " pouvons vous être utiles.",
        "Nous commençons toujours par vous écouter ; la proposition vient ensuite.",
    ),
}

# What the reader is asked to do: one question, easy to answer.
QUESTIONS = {
    ("follow_up", "warm"): (
        "Nous avons rendez-vous le {meeting_day} à {meeting_hour} : souhaitez-vous que"
        " je"
        " prépare un point en particulier ?",
        "Quand pourrions-nous en parler quelques minutes ?",
        "Un court appel vous conviendrait-il ?",
    ),
    ("follow_up", "neutral"): (
        "Notre rendez-vous du {meeting_day} à {meeting_hour} vous convient-il toujours"
        " ?",
        "Pouvez-vous me dire où en est votre réflexion ?",
        "Quel moment vous conviendrait pour faire le point ?",
    ),
    ("follow_up", "firm"): (
        "Merci de me confirmer notre rendez-vous du {meeting_day} à {meeting_hour}.",
        "Merci de me dire si vous souhaitez poursuivre, ou si je dois clore le"
        " dossier.",
        "Merci de m’indiquer votre décision, quelle qu’elle soit.",
    ),
    ("quote_reminder", "warm"): (
        "Que diriez-vous d’en parler quelques minutes au téléphone ?",
        "Y a-t-il un point que je peux éclaircir ?",
    ),
    ("quote_reminder", "neutral"): (
        "Pouvez-vous me faire part de votre avis, ou de ce qui manque pour décider ?",
        "Souhaitez-vous que nous en discutions ?",
    ),
    ("quote_reminder", "firm"): (
        "Merci de me confirmer si vous l’acceptez ou si je dois le retirer.",
        "Merci de m’indiquer votre décision, quelle qu’elle soit.",
    ),
    ("reply", "warm"): (
        "Y a-t-il autre chose que je puisse faire pour vous d’ici là ?",
        "Préférez-vous que je vous appelle ?",
    ),
    ("reply", "neutral"): (
        "Souhaitez-vous que nous en parlions de vive voix ?",
        "Quel moment vous conviendrait pour en parler ?",
    ),
    ("reply", "firm"): ("Merci de me signaler tout autre point à traiter.",),
    ("thanks", "warm"): ("Que souhaitez-vous aborder en premier ?",),
    ("thanks", "neutral"): ("Quel moment vous conviendrait pour la suite ?",),
    ("thanks", "firm"): ("Merci de m’indiquer vos disponibilités pour la suite.",),
    ("campaign", "warm"): (
        "Envie d’en parler ? Répondez simplement à ce message.",
        "Répondez à ce message, et nous convenons d’un moment.",
    ),
    ("campaign", "neutral"): (
        "Pour convenir d’un échange, il vous suffit de répondre à ce message.",
    ),
    ("campaign", "firm"): ("Répondez à ce message pour fixer un premier échange.",),
}

# Longest first; the first that fits one message is taken.
MESSAGES = {
    "warm": (
        "Bonjour {contact}, avez-vous pu regarder le devis {quote} ({quote_total} TTC)"
        " pour"
        " {deal} ? Je reste disponible. {seller}, {seller_company}",
        "Bonjour {contact}, avez-vous pu regarder le devis {quote} ? Je reste"
        " disponible."
        " {seller}, {seller_company}",
        "Bonjour, avez-vous pu regarder le devis {quote} ? Bonne journée, {seller}",
        "Bonjour {contact}, où en êtes-vous de votre projet {deal} ? Je reste"
        " disponible."
        " {seller}, {seller_company}",
        "Bonjour, où en êtes-vous de votre projet ? Bonne journée, {seller}",
        "Bonjour, où en êtes-vous de votre projet ?",
    ),
    "neutral": (
        "Bonjour {contact}, le devis {quote} ({quote_total} TTC) pour {deal} vous"
        " convient-il ? {seller}, {seller_company}",
        "Bonjour, le devis {quote} vous convient-il ? {seller}, {seller_company}",
        "Bonjour, le devis {quote} vous convient-il ? {seller}",
        "Bonjour {contact}, pouvons-nous faire le point sur {deal} ? {seller},"
        " {seller_company}",
        "Bonjour, pouvons-nous faire le point ? {seller}",
        "Bonjour, pouvons-nous faire le point sur votre projet ?",
    ),
    "firm": (
        "Bonjour {contact}, le devis {quote} ({quote_total} TTC) attend votre décision."
        " Merci de me répondre. {seller}, {seller_company}",
        "Bonjour, le devis {quote} attend votre décision. Merci de me répondre."
        " {seller}",
        "Bonjour {contact}, je suis sans nouvelles pour {deal}. Merci de me répondre."
        " {seller}, {seller_company}",
        "Bonjour, je suis sans nouvelles de vous. Merci de me répondre. {seller}",
        "Bonjour, je suis sans nouvelles de vous. Merci de me répondre.",
    ),
}
