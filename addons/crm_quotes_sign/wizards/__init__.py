from . import crm_quote_sign
from . import crm_quote_sign_line
