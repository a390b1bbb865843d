"""Addresses of vendors, checked on 2026-11-30.

Sources: https://platform.openai.com/docs/api-reference,
https://docs.anthropic.com/en/api, https://ai.google.dev/gemini-api/docs/openai
"""

BASE_URLS = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}
AI_PROVIDERS = tuple(BASE_URLS)
