from . import test_signature
