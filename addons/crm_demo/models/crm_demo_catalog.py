from odoo import Command, models


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_catalog(self):
        """Create what the companies sell and the words deals are sorted with."""
        self._create_products()
        self._create_stages()
        self._create_lost_reasons()
        for kind, model in (("source", "utm.source"), ("tag", "crm.tag")):
            rows = self._read_table(f"{kind}s")
            records = self.env[model].create(
                [
                    {"name": row["name"]}
                    | ({"color": int(row["color"])} if kind == "tag" else {})
                    for row in rows
                ]
            )
            self._remember(kind, [row["key"] for row in rows], records)

    def _create_products(self):
        rows = self._read_table("products")
        chart = self.env["account.chart.template"]
        vat = chart.ref("tva_normale_encaissement")
        day = self.env.ref("uom.product_uom_day")
        products = self.env["product.product"].create(
            [
                {
                    "name": row["name"],
                    "default_code": row["code"],
                    "type": "service",
                    "company_id": self._recall_id("company", row["company"]),
                    "uom_id": day.id,
                    "list_price": int(row["price_eur"]),
                    "standard_price": int(row["cost_eur"]),
                    "description_sale": row["description"],
                    "invoice_policy": "order",
                    "purchase_ok": False,
                    "taxes_id": [
                        Command.set(vat.ids if row["company"] == "lumen" else [])
                    ],
                }
                for row in rows
            ]
        )
        self._remember("product", [row["key"] for row in rows], products)
        for product in products:
            company = product.company_id
            services = self.env["account.chart.template"].with_company(company)
            # 706: services, where the default of the chart is sales of goods.
            product.with_company(company).property_account_income_id = services.ref(
                "pcg_706"
            )

    def _create_stages(self):
        for row in self._read_table("stages"):
            values = {
                "name": row["name"],
                "sequence": int(row["sequence"]),
                "rotting_threshold_days": int(row["rotting_days"]),
            }
            self._save("stage", "crm.stage", row, values)

    def _create_lost_reasons(self):
        for row in self._read_table("lost_reasons"):
            self._save("lost_reason", "crm.lost.reason", row, {"name": row["name"]})
        # An agency has no stock.
        out_of_stock = self.env.ref("crm.lost_reason_3", raise_if_not_found=False)
        if out_of_stock:
            out_of_stock.active = False

    def _save(self, kind, model, row, values):
        """Adapt the record of the core named by the row, or create a new one."""
        record = row["xmlid"] and self.env.ref(row["xmlid"], raise_if_not_found=False)
        if record:
            record.write(values)
        else:
            record = self.env[model].create(values)
        self._remember(kind, [row["key"]], record)
