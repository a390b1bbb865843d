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
        groups = {
            row["role"]: self._get_groups(row["groups"])
            for row in self._read_table("roles")
        }
        self._complete_system_user(groups["system"])
        staff = {row["login"]: row for row in self._read_table("staff")}
        companies = self._recall("company", "lumen") + self._recall("company", "nadia")
        by_name = {company.name: company for company in companies}
        rows = self._read_table("users")
        users = self.env["res.users"].create(
            [
                self._prepare_user(row, by_name[row["company"]], groups[row["role"]])
                | self._prepare_person(row, staff.get(row["login"]))
                for row in rows
            ]
        )
        self._remember("user", [row["login"].replace(".", "_") for row in rows], users)
        for user in users:
            extra = staff.get(user.login, {}).get("extra_groups", "")
            user.group_ids += self._get_groups(extra)

    def _get_groups(self, xmlids):
        groups = self.env["res.groups"]
        for xmlid in xmlids.split():
            groups += self.env.ref(xmlid)
        return groups

    def _complete_system_user(self, groups):
        """Complete the administrator of the database, whose access stays as it is."""
        self.env.ref("base.user_admin").write(
            {
                "name": "Administrateur",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "group_ids": [Command.link(group.id) for group in groups],
            }
        )

    def _prepare_user(self, row, company, groups):
        return {
            "login": row["login"],
            "password": row["password"],
            "name": row["name"],
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(groups.ids)],
        }

    def _prepare_person(self, row, person):
        """Return what a member of staff, or else the client, has of her own."""
        if not person:
            return {"partner_id": self._recall_id("contact", "oceane")}
        company = self._recall(
            "company", "nadia" if row["role"] == "freelance" else "lumen"
        )
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
            "action_id": person["home"] and self.env.ref(person["home"]).id,
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
