from . import base
from . import crm_hook
from . import crm_secret
from . import ir_default
from . import ir_ui_view
from . import res_config_settings
