from . import test_ai
from . import test_document
from . import test_environment
from . import test_payment_link
from . import test_quote
from . import test_signature
from . import test_story
from . import test_users
