"""Which openings of a quotation come from a person."""

from __future__ import annotations

import re

# Programs that open links: scanners of mail, previews of chats, search engines.
ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scanner|monitor|validator|fetcher|"
    r"facebookexternalhit|whatsapp|telegram|skypeuri|slack-img|googleimageproxy|"
    r"google-safety|bingpreview|barracuda|proofpoint|mimecast|safelinks|"
    r"existence discovery|symantec|trendmicro|ironport|wget|curl|libwww|httpclient",
    re.IGNORECASE,
)
PERSON = re.compile(r"mozilla|opera", re.IGNORECASE)


def is_person(user_agent: str | None) -> bool:
    """Tell whether a browser of a person says so.

    Scanners that pretend to be a browser are caught by what the page asks before it
    counts an opening: a gesture, or some seconds in front.

    >>> is_person("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    True
    >>> is_person("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")
    False
    """
    agent = user_agent or ""
    return bool(PERSON.search(agent)) and not ROBOTS.search(agent)


def find_version_to_compare(
    readings: list[tuple[int, str]], current: int, session: str
) -> int | None:
    """Return the version this reader read last and should see the changes from.

    :param readings: ``(version number, session)`` of this reader, oldest first; 0 for
        a version that was not kept
    :param current: number of the version now on the page, 0 when it is not kept yet
    :param session: the reader's session now
    :return: None when it is the first reading, or when what is on the page was
        already read another time
    """
    others = [(number, key) for number, key in readings if number]
    if current and any(n == current and key != session for n, key in others):
        return None
    past = [number for number, _key in others if number != current]
    return past[-1] if past else None
