from . import crm_sign_request
from . import sale_order
from . import sale_order_signed
