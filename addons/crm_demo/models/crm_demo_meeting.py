from datetime import timedelta

from odoo import fields, models

# deal -> (days ago, what was said)
APPROVED = "biotech_donnees"
TO_REVIEW = "oceane_boutique"
WORDS = {
    APPROVED: """\
[00:00:04] Lucas Martin : Bonjour Henri, merci de prendre ce moment.
[00:00:12] Henri Dupont : Avec plaisir. Nos chiffres sont dans quatre tableurs.
[00:01:30] Lucas Martin : Combien de personnes les tiennent à jour ?
[00:01:38] Henri Dupont : Trois, et chaque mois cela leur prend deux jours pleins.
[00:04:10] Lucas Martin : Avez-vous prévu un budget pour le tableau de bord ?
[00:04:18] Henri Dupont : Oui, une enveloppe de 9 500 euros hors taxes.
[00:06:02] Lucas Martin : Et pour le calendrier ?
[00:06:10] Henri Dupont : Nous voulons une mise en service au deuxième trimestre.
[00:08:45] Lucas Martin : Qui prend la décision ?
[00:08:51] Henri Dupont : C'est moi qui décide, après un mot avec notre DAF.
[00:12:20] Henri Dupont : Il nous faudrait une démo avec nos propres données.
[00:12:31] Lucas Martin : Je vous organise la démo mardi prochain.
[00:15:00] Lucas Martin : Je vous envoie la proposition technique avant vendredi.
[00:18:40] Henri Dupont : Parfait, cela nous plaît beaucoup.
""",
    TO_REVIEW: """\
[00:00:05] Lucas Martin : Bonjour Marie, comment avance la boutique ?
[00:00:14] Marie Leblanc : Bien, mais la saison approche, je suis inquiète.
[00:02:40] Marie Leblanc : Il faut que la boutique soit en ligne fin avril.
[00:05:10] Lucas Martin : Le budget est-il toujours le même ?
[00:05:20] Marie Leblanc : Finalement, le budget peut monter à 24 000 euros.
[00:07:55] Marie Leblanc : Vous le savez, on consulte aussi Studio Mélèze.
[00:09:30] Lucas Martin : Qui valide le choix final ?
[00:09:36] Marie Leblanc : C'est notre PDG qui signe, sur ma recommandation.
[00:11:15] Marie Leblanc : Pouvez-vous nous transmettre deux références jeudi ?
[00:11:25] Lucas Martin : Bien sûr. Je vous envoie aussi le planning détaillé lundi.
[00:14:00] Marie Leblanc : On part donc sur trois gammes pour commencer.
""",
}
DAYS_AGO = {APPROVED: 1, TO_REVIEW: 0}
NAMES = {
    APPROVED: "Biotech - tableau de bord, premier échange",
    TO_REVIEW: "Océane - boutique, point de la semaine",
}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "meeting"]

    def _is_ready(self, chapter):
        is_locked = self.env["crm.secret"]._status() != "ok"
        if chapter == "meeting" and is_locked:
            return False  # words of meetings are encrypted
        return super()._is_ready(chapter)

    def _tell_meeting(self):
        """One meeting that was approved and one that waits to be read."""
        for key, words in WORDS.items():
            summary = self._sum_up(key, words)
            self._remember("meeting", [key], summary)
            if key == APPROVED:
                summary.action_approve()

    def _sum_up(self, key, words):
        deal = self._recall("deal", key)
        seller = deal.user_id
        summaries = self.env["crm.meeting.summary"].with_user(seller)
        summary = summaries.with_company(deal.company_id).create(
            {
                "lead_id": deal.id,
                "name": NAMES[key],
                "met_at": fields.Datetime.now() - timedelta(days=DAYS_AGO[key]),
            }
        )
        summary._take_words_now("réunion.txt", words.encode())
        return summary
