from odoo import models
from odoo.tools import SQL

from ..lib.catalogue import Feature, Fragment

# Tags that a model may know, the most used first.
MOST_TAGS = 40
LEAST_DEALS = 20
# Properties whose values are numbers, answers or choices; free texts are none.
NUMBERS = ("integer", "float", "monetary")


class CrmScoreFeaturesCustom(models.AbstractModel):
    """Tags and properties: facts that each company defines by itself.

    `score_names` in the context names the facts of the model that is asked; without it
    (learning) those in use are taken.
    """

    _inherit = "crm.score.features"

    def _get_score_features(self):
        return [
            *super()._get_score_features(),
            *self._get_tag_features(),
            *self._get_property_features(),
        ]

    def _get_score_fragments(self):
        fragments = super()._get_score_fragments()
        if tag_ids := self._get_score_tag_ids():
            columns = tuple(f"tag:{tag_id}" for tag_id in tag_ids)
            fragments.append(Fragment(columns, self._build_tag_query))
        if found := self._get_score_properties():
            columns = tuple(f"property:{item['name']}" for item in found)
            fragments.append(
                Fragment(columns, self._build_property_query, float("nan"))
            )
        return fragments

    # === Tags === #

    def _get_score_tag_ids(self) -> list[int]:
        names = self.env.context.get("score_names")
        if names is not None:
            return [int(n.removeprefix("tag:")) for n in names if n.startswith("tag:")]
        rows = self.env.execute_query(
            SQL(
                "SELECT tag_id FROM crm_tag_rel GROUP BY tag_id HAVING count(*) >= %s"
                " ORDER BY count(*) DESC, tag_id LIMIT %s",
                LEAST_DEALS,
                MOST_TAGS,
            )
        )
        return [tag_id for (tag_id,) in rows]

    def _get_tag_features(self):
        # sudo: names of the tags of a deal, for whoever may read the deal
        tags = self.env["crm.tag"].sudo().browse(self._get_score_tag_ids()).exists()
        return [
            Feature(
                f"tag:{tag.id}",
                "flag",
                self.env._("Tag %(tag)s", tag=tag.name),
                "tag_ids",
                dated=False,
            )
            for tag in tags
        ]

    def _build_tag_query(self, scope: SQL) -> SQL:
        counts = SQL(", ").join(
            SQL("count(*) FILTER (WHERE rel.tag_id = %s)::float8", tag_id)
            for tag_id in self._get_score_tag_ids()
        )
        return SQL(
            "SELECT scope.lead_id::float8, %s FROM (%s) scope"
            " JOIN crm_tag_rel rel ON rel.lead_id = scope.lead_id"
            " GROUP BY scope.lead_id",
            counts,
            scope,
        )

    # === Properties === #

    def _get_score_properties(self) -> list[dict]:
        """Return the definitions that can be facts, each name once."""
        names = self.env.context.get("score_names")
        # sudo: definitions are read by whoever sees a deal of the team
        teams = (
            self.env["crm.team"]
            .sudo()
            .search([("lead_properties_definition", "!=", False)])
        )
        known = {}
        for definition in teams.mapped("lead_properties_definition"):
            for item in definition or ():
                if self._is_score_property(item):
                    known.setdefault(item["name"], item)
        if names is not None:
            known = {k: v for k, v in known.items() if f"property:{k}" in names}
        return [known[name] for name in sorted(known)]

    def _is_score_property(self, item) -> bool:
        kind = item.get("type")
        if not all(c.isalnum() or c == "_" for c in item.get("name", "-")):
            return False
        return (
            kind == "boolean"
            or kind in NUMBERS
            or bool(kind == "selection" and item.get("selection"))
        )

    def _get_property_features(self):
        features = []
        for item in self._get_score_properties():
            kind = {"boolean": "flag", "selection": "category"}.get(
                item["type"], "number"
            )
            choices = ()
            if kind == "category":
                labels = [label for _key, label in item["selection"]]
                choices = tuple((f"#{i}", label) for i, label in enumerate(labels, 1))
            features.append(
                Feature(
                    f"property:{item['name']}",
                    kind,
                    item.get("string") or item["name"],
                    "lead_properties",
                    choices=choices,
                    dated=False,
                )
            )
        return features

    def _build_property_query(self, scope: SQL) -> SQL:
        values = SQL(", ").join(map(self._build_property, self._get_score_properties()))
        return SQL(
            "SELECT scope.lead_id::float8, %s FROM (%s) scope"
            " JOIN crm_lead lead ON lead.id = scope.lead_id"
            " WHERE lead.lead_properties IS NOT NULL",
            values,
            scope,
        )

    def _build_property(self, item) -> SQL:
        """Return one property as a number: a choice is its place in the list."""
        name = item["name"]
        if item["type"] == "selection":
            keys = [key for key, _label in item["selection"]]
            return SQL(
                "COALESCE(array_position(%s::text[], lead.lead_properties ->> %s)"
                "::float8, 'NaN'::float8)",
                keys,
                name,
            )
        wanted = "boolean" if item["type"] == "boolean" else "number"
        number = (
            SQL("(lead.lead_properties ->> %s)::boolean::int::float8", name)
            if wanted == "boolean"
            else SQL("(lead.lead_properties ->> %s)::float8", name)
        )
        return SQL(
            "CASE WHEN jsonb_typeof(lead.lead_properties -> %s) = %s THEN %s"
            " ELSE 'NaN'::float8 END",
            name,
            wanted,
            number,
        )
