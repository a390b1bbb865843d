from . import crm_ai_call_texts
from . import crm_ai_prompt_preview
from . import crm_ai_register_export
