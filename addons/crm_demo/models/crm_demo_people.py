from markupsafe import Markup

from odoo import Command, models

from ..lib import identifiers


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_people(self):
        """Create the clients, then the staff and the client who has an access."""
        self._create_clients()
        self._create_users()
        self._set_sellers()
        self._set_teams()

    def _create_clients(self):
        rows = self._read_table("clients")
        vip = self._get_partner_category("VIP")
        term = self.env.ref("account.account_payment_term_30days")
        Partner = self.env["res.partner"]
        firms = Partner.create(
            [self._prepare_firm(row, vip if row["tag"] else None) for row in rows]
        )
        for key in ("lumen", "nadia"):
            company = self._recall("company", key)
            firms.with_company(company).property_payment_term_id = term
        contacts = Partner.create(
            [
                self._prepare_contact(row, firm)
                for row, firm in zip(rows, firms, strict=True)
            ]
        )
        keys = [row["key"] for row in rows]
        self._remember("client", keys, firms)
        self._remember("contact", keys, contacts)

    def _get_partner_category(self, name):
        return self.env["res.partner.category"].create({"name": name, "color": 1})

    def _prepare_firm(self, row, category):
        return {
            "name": row["name"],
            "is_company": True,
            "company_id": self._recall_id("company", row["company"]),
            "street": row["street"],
            "zip": row["zip"],
            "city": row["city"],
            "country_id": self.env.ref("base.fr").id,
            "phone": row["phone"],
            "email": f"contact@{row['domain']}",
            "website": f"https://www.{row['domain']}",
            "vat": identifiers.make_vat_number(row["siren"]),
            "company_registry": identifiers.make_siret(row["siren"]),
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "category_id": [Command.set(category.ids if category else [])],
        }

    def _prepare_contact(self, row, firm):
        local_part = self._slug(row["contact"])
        return {
            "name": row["contact"],
            "parent_id": firm.id,
            "company_id": firm.company_id.id,
            "function": row["contact_function"],
            "email": f"{local_part}@{row['domain']}",
            "phone": row["phone"],
            "lang": "fr_FR",
            "tz": "Europe/Paris",
        }

    def _slug(self, name):
        return self.env["ir.http"]._slugify(name).replace("-", ".")

    def _create_users(self):
        groups = {row["role"]: row["groups"] for row in self._read_table("roles")}
        staff = {row["login"]: row for row in self._read_table("staff")}
        companies = {
            company.name: company
            for company in (
                self._recall("company", "lumen"),
                self._recall("company", "nadia"),
            )
        }
        for row in self._read_table("users"):
            person = staff.get(row["login"], {})
            xmlids = (
                groups[row["role"]].split() + person.get("extra_groups", "").split()
            )
            values = self._prepare_user(row, companies[row["company"]], xmlids)
            self._save_user(row, person, values)

    def _prepare_user(self, row, company, group_xmlids):
        return {
            "login": row["login"],
            "password": row["password"],
            "name": row["name"],
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "company_id": company.id,
            "group_ids": [
                Command.set([self.env.ref(xmlid).id for xmlid in group_xmlids])
            ],
        }

    def _save_user(self, row, person, values):
        if row["role"] == "system":
            user = self._save_system_user(values)
        else:
            company = self.env["res.company"].browse(values["company_id"])
            values["company_ids"] = [Command.set(company.ids)]
            if row["role"] == "client":
                values["partner_id"] = self._recall_id("contact", "oceane")
            else:
                values |= self._prepare_staff(row, person, company)
            user = self.env["res.users"].create(values)
        self._remember("user", [row["login"].replace(".", "_")], user)

    def _save_system_user(self, values):
        """Complete the administrator of the database, whose access stays as it is."""
        user = self.env.ref("base.user_admin")
        [(_set, _zero, group_ids)] = values["group_ids"]
        user.write(
            {
                "name": values["name"],
                "lang": values["lang"],
                "tz": values["tz"],
                "group_ids": [Command.link(group_id) for group_id in group_ids],
            }
        )
        return user

    def _prepare_staff(self, row, person, company):
        domain = company.email.split("@")[1]
        signature = Markup("%s<br/>%s, %s") % (
            row["name"],
            person["function"],
            company.name,
        )
        return {
            "email": f"{self._slug(row['name'])}@{domain}",
            "function": person["function"],
            "phone": person["phone"],
            "signature": signature,
            "notification_type": "inbox",
            "action_id": self.env.ref(person["home"]).id,
        }

    def _set_sellers(self):
        for row in self._read_table("clients"):
            self._recall("client", row["key"]).user_id = self._recall(
                "user", row["seller"]
            )

    def _set_teams(self):
        team = self.env.ref("sales_team.team_sales_department")
        sellers = [self._recall_id("user", login) for login in ("lucas", "marie")]
        team.write(
            {
                "name": "Ventes",
                "company_id": self._recall_id("company", "lumen"),
                "user_id": self._recall_id("user", "sophie"),
                "member_ids": [Command.set(sellers)],
                "invoiced_target": 60000,
            }
        )
        nadia = self._recall("user", "nadia")
        nadia_team = self.env["crm.team"].create(
            {
                "name": "Nadia Benali",
                "company_id": nadia.company_id.id,
                "user_id": nadia.id,
                "member_ids": [Command.set(nadia.ids)],
            }
        )
        self._remember("team", ("lumen", "nadia"), team + nadia_team)
