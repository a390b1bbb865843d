"""A company with one user, as every journey begins."""

from tests.e2e.running_site import Rpc, RunningSite


class Company:
    """A new company and the one person who works there, its administrator.

    :param person: somebody with a name and an address, as the company then has one;
        none: called as the company
    """

    def __init__(
        self, site: RunningSite, name: str, *, person: str = "", currency: str = "EUR"
    ):
        self.site = site
        self.name = name
        self.key = "".join(letter for letter in name.lower() if letter.isalpha())
        self.login, self.password = f"{self.key}@example.com", f"{self.key}-password"
        admin = site.admin
        # Without a country: with one, Odoo installs its localization at once.
        self.company_id = admin.create(
            "res.company",
            name=name,
            currency_id=find_currency(admin, currency),
            # From the start: the person is invited in its name.
            email=f"contact@{self.key}.example" if person else False,
        )
        admin.call(
            "res.users", "write", [admin.uid], {"company_ids": [(4, self.company_id)]}
        )
        self.user_id = admin.create(
            "res.users",
            name=person or name,
            email=self.login if person else False,
            login=self.login,
            password=self.password,
            lang="fr_FR",
            tz="Europe/Paris",
            company_id=self.company_id,
            company_ids=[(6, 0, [self.company_id])],
            group_ids=[(6, 0, [admin.ref("crm_base.crm_base_group_admin")])],
        )
        self.rpc: Rpc = site.login(self.login, self.password)

    def grant(self, *groups: str) -> None:
        """Give the user more rights."""
        admin = self.site.admin
        commands = [(4, admin.ref(group)) for group in groups]
        admin.call("res.users", "write", [self.user_id], {"group_ids": commands})

    def keep_books(self) -> None:
        """Give the company its French accounts."""
        self.site.admin.call(
            "account.chart.template", "try_loading", [], "fr", self.company_id
        )

    def sale_tax(self) -> int:
        """The tax of 20 % on sales, not included in prices."""
        (tax,) = self.rpc.search(
            "account.tax",
            ("company_id", "=", self.company_id),
            ("type_tax_use", "=", "sale"),
            ("amount", "=", 20),
            ("price_include", "=", False),
            limit=1,
        )
        return tax


def find_currency(admin: Rpc, name: str) -> int:
    """A currency, put to use when it is not."""
    (currency_id,) = admin.search(
        "res.currency", ("name", "=", name), context={"active_test": False}
    )
    admin.call("res.currency", "write", [currency_id], {"active": True})
    return currency_id
