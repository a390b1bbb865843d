from odoo import SUPERUSER_ID, api, models
from odoo.tools import format_date


class CrmInstalmentPlan(models.Model):
    """What is done with a plan: by the accountant on its form, by the client."""

    _inherit = "crm.instalment.plan"

    # === Buttons === #

    @api.model
    def _check_billing_right(self):
        self.env["account.move"]._check_billing_right()

    def action_propose(self):
        """Open the mail that leads the client to the page where he agrees."""
        self.ensure_one()
        self._check_billing_right()
        self._check_total()
        template = self.env.ref(
            "crm_billing.mail_template_plan_proposal", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose the Plan"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template and template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }

    def action_note_agreement(self):
        """The client agreed by mail or by word of mouth: note who and how."""
        self.ensure_one()
        self._check_billing_right()
        self._check_total()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note the Agreement"),
            "res_model": "crm.instalment.agree.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_plan_id": self.id,
                "default_agreed_by": self.partner_id.name,
            },
        }

    def action_break(self):
        """End the plan: what is left is due as before."""
        self._check_billing_right()
        self._break(self.env._("Ended by %s.", self.env.user.name))

    # === The page === #

    def _get_page_partner(self):
        return self.partner_id

    def _get_page_values(self):
        """What the client reads before he agrees, and afterwards."""
        self.ensure_one()
        return {
            "status": {
                "draft": "to_agree",
                "agreed": "agreed",
                "done": "paid",
                "broken": "ended",
            }[self.state],
            "company_name": self.company_id.name,
            "title": self.env._(
                "Payment in instalments of %s", ", ".join(self.move_ids.mapped("name"))
            ),
            "amount": self.currency_id.format(self.amount_total),
            "action": self._get_signed_page_path(),
            "plan": self._prepare_page_plan(),
            "facts": [],
            "receipts": [],
            "agreement": self.agreed_on and self._describe_agreement(),
        }

    def _prepare_page_plan(self):
        """Return one row per instalment: number, date, amount, state, address."""
        states = dict(
            self.instalment_ids._fields["state"]._description_selection(self.env)
        )
        rows = []
        is_first = True
        for instalment in self.instalment_ids.sorted("number"):
            is_open = instalment.state not in ("paid", "pending")
            can_pay = self.state == "agreed" and is_open and is_first
            is_first = is_first and not can_pay
            rows.append(
                {
                    "number": instalment.number,
                    "date": format_date(self.env, instalment.date_due),
                    "amount": self.currency_id.format(instalment.amount),
                    "state": instalment.state,
                    "state_name": states[instalment.state],
                    "href": can_pay and instalment._get_signed_page_path(),
                }
            )
        return rows

    def _agree_from_page(self, name, ip):
        """The client agreed on the page: his name and address are kept."""
        self.ensure_one()
        # As the server: "public user" is nobody's name in a proof.
        plan = self.with_user(SUPERUSER_ID)
        return plan._agree("page", name or self.partner_id.name, ip=ip)
