from odoo import models


class CrmHook(models.AbstractModel):
    """Places where one addon of the suite speaks and others may listen.

    The kernel does nothing: addons that publish events or sell capabilities
    override these methods and call ``super()``.
    """

    _name = "crm.hook"
    _description = "Hooks of the CRM Suite"

    def _emit_event(self, name, record, payload):
        """Announce that something happened.

        Called inside the transaction of the fact; an override only writes rows
        there, never calls the network.

        :param str name: dotted name of the event, e.g. ``invoice.paid``
        :param record: the record it happened to (one record, or empty)
        :param dict payload: what to tell, ready for JSON, without secrets
        :return: None
        """

    def _check_entitlement(self, capability, company):
        """Refuse a capability that the company's plan does not include.

        :param str capability: dotted name, e.g. ``billing.payment_link``
        :param company: the ``res.company`` that wants to use it
        :return: True when allowed; the kernel allows everything
        :raise UserError: in overrides, with what to do to get the capability
        """
        return True
