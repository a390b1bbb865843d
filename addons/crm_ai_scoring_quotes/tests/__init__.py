from . import test_quote_facts
