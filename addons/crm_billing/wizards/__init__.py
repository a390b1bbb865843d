from . import crm_payment_link_wizard
from . import crm_instalment_agree_wizard
from . import crm_instalment_plan_wizard
from . import crm_charge_wizard
from . import crm_refund_wizard
from . import payment_link_wizard
