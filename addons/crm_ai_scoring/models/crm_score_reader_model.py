from odoo import models

from ..lib.groups import strongest_groups

# Groups of values named in the explanation of a version, each way.
MOST_GROUPS = 12


class CrmScoreReaderModel(models.AbstractModel):
    """Puts a version of the score into words."""

    _inherit = "crm.score.reader"

    def _explain_model(self, model) -> dict:
        """Return what the screen of a version shows: strongest facts, calibration."""
        if not model.content:
            return {}
        groups = self._skip_won_stages(strongest_groups(model.content))
        best = sorted(groups, key=lambda group: -group[2])[:MOST_GROUPS]
        worst = sorted(groups, key=lambda group: group[2])[:MOST_GROUPS]
        words = self._word_reasons([*best, *worst])
        figures = model.figures or {}
        return {
            "for": self._list_groups(best, words, 1),
            "against": self._list_groups(worst, words, -1),
            "bins": figures.get("bins") or [],
            "sentences": self._word_quality(model),
            "left_out": self._word_left_out(model),
        }

    def _skip_won_stages(self, groups):
        """Leave out stages that are an end: no open deal is in them."""
        won = self.env["crm.stage"].sudo().search([("is_won", "=", True)])
        ends = {("stage", f"=#{stage_id}") for stage_id in won.ids}
        return [group for group in groups if group[:2] not in ends]

    def _list_groups(self, groups, words, sign) -> list[dict]:
        return [
            {"text": words[(name, token)], "weight": round(weight, 3)}
            for name, token, weight in groups
            if weight * sign > 0.01
        ]

    def _word_quality(self, model) -> list[str]:
        """Return what the figures mean, in sentences."""
        if not model.judged_count:
            return [
                self.env._(
                    "Too few closed deals to judge this version on deals it had not"
                    " seen; its figures come with the next ones."
                )
            ]
        sentences = [
            self.env._(
                "Judged on the %(count)s newest closed deals, which it had not seen.",
                count=self._number(model.judged_count),
            ),
            self.env._(
                "Of two deals, one won and one lost, it gives the higher score to the"
                " won one %(share)s times out of 100 (chance alone: 50; Odoo's own"
                " formula: %(odoo)s).",
                share=round(100 * model.auc),
                odoo=round(100 * model.odoo_auc),
            ),
            self.env._(
                "Among the tenth of deals with the highest scores, %(top)s %% were won;"
                " usually %(usual)s %% are.",
                top=round(100 * model.top_tenth),
                usual=round(100 * model.base_rate),
            ),
            self.env._(
                "On average the announced chance is %(points)s points away from what"
                " happened.",
                points=self._number(round(100 * model.ece, 1)),
            ),
        ]
        return sentences

    def _word_left_out(self, model) -> list[str]:
        """Return the facts that were left out because they are filled at the end."""
        report = model.report or {}
        names = [*report.get("late", ()), *report.get("dropped", ())]
        known = self._get_known_features(names)
        return [known[name].label for name in names if name in known]
