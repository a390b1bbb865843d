"""A mail catcher: takes every mail, sends none, shows them on a page."""
