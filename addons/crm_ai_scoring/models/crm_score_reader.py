from babel.numbers import format_decimal, format_percent

from odoo import api, models
from odoo.tools.misc import babel_locale_parse

from odoo.addons.crm_ai.models.mail_thread import EXCHANGED

from ..lib.advice import what_would_raise
from ..lib.catalogue import Feature
from ..lib.frame import read_key
from ..lib.scoring import STAGE_FACT
from ..lib.tokens import OTHER, Interval, read_interval, read_value, round_counts

# Advice shown at most, and the least a change must bring to be named.
MOST_ADVICE = 3
LEAST_GAIN = 0.01


class CrmScoreReader(models.AbstractModel):
    """Puts scores into words, in the language of whoever reads.

    Reasons are kept as facts and groups of values, so that they are translated when
    they are read. It reads what the reader may read; names of sources, stages and the
    like are those of his own deal.
    """

    _name = "crm.score.reader"
    _description = "Words of a Score"

    # === One reason === #

    @api.model
    def _read_summaries(self, leads) -> dict[int, str]:
        """Return the strongest reason of each deal: for it when it is hot or warm."""
        chosen = {}
        for lead in leads:
            reasons = lead.ai_score_reasons or []
            if reasons:
                is_for = lead.ai_temperature != "cold"
                mine = [r for r in reasons if (r[2] > 0) == is_for] or reasons
                chosen[lead.id] = max(mine, key=lambda reason: abs(reason[2]))
        words = self._word_reasons(chosen.values())
        return {
            lead_id: words[(reason[0], reason[1])] for lead_id, reason in chosen.items()
        }

    def _word_reasons(self, reasons) -> dict[tuple[str, str], str]:
        """Return the sentence of each (fact, group), one query per kind of name."""
        wanted = {(name, token) for name, token, *_rest in reasons}
        known = self._get_known_features(name for name, _token in wanted)
        names = self._read_names(wanted, known)
        return {
            (name, token): self._word_reason(known.get(name), name, token, names)
            for name, token in wanted
        }

    def _get_known_features(self, names) -> dict[str, Feature]:
        engine = self.env["crm.score.engine"].with_context(score_names=list(names))
        features = {f.name: f for f in engine._get_score_features()}
        features[STAGE_FACT] = features["stage_id"]
        features["created"] = features["age_days"]
        return features

    def _read_names(self, wanted, known) -> dict[tuple[str, str], str]:
        """Return the names of the values of categories, and of criteria."""
        ids_by_model, names = {}, {}
        for name, token in wanted:
            if name.startswith("criterion:"):
                ids_by_model.setdefault("crm.score.criterion", set()).add(
                    int(name.removeprefix("criterion:"))
                )
            elif (value := read_value(token)) and name in known:
                feature = known[name]
                if feature.comodel and (res_id := read_key(value)):
                    ids_by_model.setdefault(feature.comodel, set()).add(res_id)
                names.update({(name, v): label for v, label in feature.choices})
        for model_name, ids in ids_by_model.items():
            # sudo: what the deal itself shows to its readers
            records = self.env[model_name].sudo().browse(sorted(ids)).exists()
            names.update({(model_name, f"#{r.id}"): r.display_name for r in records})
        return names

    def _word_reason(self, feature, name, token, names) -> str:
        if name.startswith("criterion:"):
            key = ("crm.score.criterion", name.replace("criterion:", "#"))
            return self.env._("Criterion: %s", names.get(key) or self.env._("removed"))
        if feature is None:
            return self.env._("A fact that is no longer known")
        if not token or token == OTHER:
            value = (
                self._word_missing(feature)
                if not token
                else self.env._("another value")
            )
        elif interval := read_interval(token):
            value = self._word_interval(feature, interval)
        else:
            value = self._word_value(feature, name, read_value(token) or token, names)
        return self.env._("%(fact)s: %(value)s", fact=feature.label, value=value)

    def _word_value(self, feature, name, value, names) -> str:
        if feature.kind == "flag" or value in ("true", "false"):
            return self._word_flag(value == "true")
        key = (feature.comodel, value) if feature.comodel else (name, value)
        return names.get(key) or value

    def _word_flag(self, is_true) -> str:
        return self.env._("yes") if is_true else self.env._("no")

    def _word_missing(self, feature) -> str:
        if feature.unit == "days":
            return self.env._("never")
        if feature.unit == "hours":
            return self.env._("not yet")
        return self.env._("not known")

    def _word_interval(self, feature, interval: Interval) -> str:
        if feature.kind == "flag":
            return self._word_flag(interval.low is not None and interval.low >= 0.5)
        if interval == Interval(None, None):
            return self.env._("known")
        if feature.unit:
            return self._word_measure(feature.unit, interval)
        low, high = round_counts(interval)
        if (low is None or low <= 0) and high == 0:
            return self.env._("none")
        if low == high:
            return str(low)
        if high is None:
            return self.env._("%s or more", self._number(low))
        if low is None or low <= 0:
            return self.env._("%s at most", self._number(high))
        return self.env._(
            "%(low)s to %(high)s", low=self._number(low), high=self._number(high)
        )

    def _word_measure(self, unit, interval: Interval) -> str:
        low, high = interval.low, interval.high
        unit, scale = self._choose_unit(unit, max(low or 0.0, high or 0.0))
        words = [
            self._measure(limit * scale, unit) if limit is not None else None
            for limit in (low, high)
        ]
        if low is None or (low <= 0 and high is not None):
            return self.env._("less than %s", words[1])
        if high is None:
            return self.env._("more than %s", words[0])
        return self.env._("between %(low)s and %(high)s", low=words[0], high=words[1])

    def _choose_unit(self, unit, most: float) -> tuple[str, float]:
        """Return the unit that suits a length of time, and what to multiply by."""
        if unit == "hours" and most >= 72:
            return "days", 1 / 24
        if unit == "days" and most < 1 / 24:
            return "minutes", 1440.0
        if unit == "days" and most < 1:
            return "hours", 24.0
        return unit, 1.0

    def _measure(self, number, unit) -> str:
        if unit == "share":
            locale = babel_locale_parse(self.env.lang or "en_US")
            return format_percent(round(number, 2), locale=locale)
        if unit == "money":
            currency = self.env.company.currency_id
            whole = self._number(round(number))
            if currency.position == "before":
                return f"{currency.symbol}{whole}"
            return f"{whole}\N{NO-BREAK SPACE}{currency.symbol}"
        number = self._number(round(number, 1) if number < 10 else round(number))
        if unit == "minutes":
            return self.env._("%s minutes", number)
        if unit == "days":
            return self.env._("%s days", number)
        return self.env._("%s hours", number)

    def _number(self, number) -> str:
        return format_decimal(
            number, locale=babel_locale_parse(self.env.lang or "en_US")
        )

    # === One deal === #

    @api.model
    def _explain_lead(self, lead) -> dict:
        """Return everything the panel of a deal shows."""
        # sudo: what a version is called, not what is in it
        company = next(iter(lead._group_by_score_company()))
        model = self.env["crm.score.model"]._find_live(company)
        policy = company.sudo()._get_score_policy(model)
        reasons = lead.ai_score_reasons or []
        words = self._word_reasons(reasons)
        known = self._get_known_features(name for name, *_rest in reasons)
        facts = [
            {
                "name": name,
                "text": words[(name, token)],
                "points": points,
                "fact": known[name].fact if name in known else "",
            }
            for name, token, points in reasons
        ]
        return {
            "score": lead.ai_score if lead.ai_score_at else None,
            "temperature": lead.ai_temperature or "",
            "change": lead.ai_score_change,
            "previous": lead.ai_score_previous if lead.ai_score_previous_at else None,
            "since": lead.ai_score_at,
            "is_closed": lead.won_status != "pending",
            "reasons": facts,
            "advice": self._find_advice(lead, company, model, policy),
            "basis": self._word_basis(model, policy),
            "usual": round(100 * model.base_rate) if policy.model_share else None,
        }

    def _word_basis(self, model, policy) -> str:
        if not policy.model_share:
            return self.env._(
                "From the criteria of your company: not enough deals were closed yet"
                " to learn from them."
            )
        if policy.model_share < 1:
            return self.env._(
                "%(share)s %% from %(count)s closed deals (version %(number)s), the"
                " rest from the criteria of your company.",
                share=round(100 * policy.model_share),
                count=self._number(model.closed_count),
                number=model.number,
            )
        return self.env._(
            "Learnt from %(count)s closed deals (version %(number)s).",
            count=self._number(model.closed_count),
            number=model.number,
        )

    def _find_advice(self, lead, company, model, policy) -> list[dict]:
        """Return what somebody can do about the score, the most useful first."""
        if lead.won_status != "pending" or not policy.model_share:
            return []
        # sudo: the facts of the deal that is read, among those of its company
        engine = (
            self.env["crm.score.engine"]
            .sudo()
            .with_context(score_names=model._get_fact_names())
        )
        scope = engine._build_open_scope(company, engine._get_now(), lead.ids)
        frame = engine._read_frame(company, scope, base_rate=model.base_rate)
        if not len(frame):
            return []
        features = {f.name: f for f in engine._get_score_features() if f.advice}
        allowed = {
            name: self._get_targets(feature, frame.columns[name][0])
            for name, feature in features.items()
            if name in frame.columns
        }
        table = engine._make_table(frame, model._get_fact_names())
        changes = what_would_raise(model._get_scorer(), table, allowed, top=MOST_ADVICE)
        return [
            {
                "text": features[change.feature].advice,
                "name": change.feature,
                "points": round(100 * policy.model_share * change.gain),
            }
            for change in changes
            if change.gain >= LEAST_GAIN
        ]

    def _get_targets(self, feature, today) -> list[float]:
        """Return the values the advice may lead to: the target, or one step more."""
        if feature.target is None:
            return []
        is_there = today == feature.target
        if feature.unit != "days":
            is_there = today >= feature.target
        if is_there:
            return [] if feature.kind == "flag" or feature.unit else [today + 1]
        return [feature.target]

    # === Proof === #

    def _open_fact(self, lead, name: str):
        """Return the action that shows what a reason rests on, False for a field."""
        features = self._get_known_features([name])
        feature = features.get(name)
        if feature is None:
            return False
        show = getattr(self, f"_open_fact_{feature.fact}", None)
        return show(lead) if show else False

    def _open_fact_mails(self, lead):
        title = self.env._("Messages exchanged")
        return self._open_messages(
            lead,
            title,
            [
                ("message_type", "in", EXCHANGED),
                ("mail_activity_type_id", "=", False),
            ],
        )

    def _open_fact_notes(self, lead):
        note = self.env.ref("mail.mt_note")
        title = self.env._("Internal notes")
        return self._open_messages(
            lead,
            title,
            [
                ("message_type", "=", "comment"),
                ("subtype_id", "=", note.id),
                ("mail_activity_type_id", "=", False),
            ],
        )

    def _open_fact_calls(self, lead):
        title = self.env._("Calls made")
        return self._open_messages(
            lead,
            title,
            [("mail_activity_type_id.category", "=", "phonecall")],
        )

    def _open_messages(self, lead, title, domain):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "mail.message",
            "views": [
                [self.env.ref("crm_ai_scoring.mail_message_view_list").id, "list"],
                [self.env.ref("crm_ai_scoring.mail_message_view_form").id, "form"],
            ],
            "domain": [("model", "=", "crm.lead"), ("res_id", "=", lead.id), *domain],
            "context": {"create": False},
        }

    def _open_fact_meetings(self, lead):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meetings"),
            "res_model": "calendar.event",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("opportunity_id", "=", lead.id)],
            "context": {"default_opportunity_id": lead.id},
        }

    def _open_fact_activities(self, lead):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activities"),
            "res_model": "mail.activity",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)],
        }

    def _open_fact_seller(self, lead):
        title = self.env._("Deals of the same salesperson")
        return self._open_leads(
            title,
            [("user_id", "=", lead.user_id.id)],
        )

    def _open_fact_client(self, lead):
        client = lead.partner_id.commercial_partner_id
        title = self.env._("Deals with the same client")
        return self._open_leads(
            title,
            [("partner_id", "child_of", client.ids)],
        )

    def _open_leads(self, title, domain):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.lead",
            "views": [[False, "list"], [False, "form"]],
            "domain": domain,
            "context": {"active_test": False, "create": False},
        }
