"""Local servers that speak the vendors' protocols, for tests and for the demo."""
