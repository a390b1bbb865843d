from . import yousign_webhook
