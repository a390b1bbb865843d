from . import crm_dunning_message
from . import crm_dunning_step
from . import sms_sms
from . import sms_template
