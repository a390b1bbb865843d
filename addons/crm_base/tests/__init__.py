from . import test_encrypted_text
from . import test_encryption_key
from . import test_js
from . import test_roads_out
from . import test_roles
