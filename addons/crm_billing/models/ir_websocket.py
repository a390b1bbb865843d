from odoo import models

CHANNEL_PREFIX = "crm_payment_link"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let whoever may read a document follow its payment link.

        The form asks for `crm_payment_link:<model>:<id>`; the answer is the record
        itself as a channel, which no client can name directly.
        """
        documents = []
        for channel in channels:
            if isinstance(channel, str) and channel.startswith(f"{CHANNEL_PREFIX}:"):
                documents += self._find_payment_document(channel)
        return super()._build_bus_channel_list([*channels, *documents])

    def _find_payment_document(self, channel):
        _prefix, model_name, record_id = (channel.split(":") + ["", ""])[:3]
        model = self.env.get(model_name)
        mixin = self.env.registry["crm.payment.link.mixin"]
        is_known = model is not None and isinstance(model, mixin)
        is_id = record_id.isascii() and record_id.isdigit() and len(record_id) < 10
        if not (is_known and is_id and self.env.user._is_internal()):
            return []
        document = model.browse(int(record_id)).exists()
        return [document] if document and document.has_access("read") else []
