from . import crm_sign_request
from . import res_company
from . import res_config_settings
from . import sale_order
from . import sale_order_signed
