from . import test_answers
from . import test_budgets
from . import test_connection
from . import test_faults
from . import test_js
from . import test_prompts
from . import test_register
from . import test_rights
