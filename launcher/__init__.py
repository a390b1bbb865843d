"""The launcher behind ./crm: standard library only."""
