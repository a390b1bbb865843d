from . import crm_sign_template_use
from . import crm_sign_template_use_line
