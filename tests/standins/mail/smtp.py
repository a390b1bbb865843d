"""The part of SMTP (RFC 5321) that a sender needs."""

import asyncio
import re
from collections.abc import Callable

_MAX_MAIL_BYTES = 30_000_000
_ADDRESS = re.compile(rb"<([^>]*)>")


class SmtpConversation:
    """One connection of a sender.

    :param deliver: called with sender, recipients and the raw mail
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        deliver: Callable[[str, list[str], bytes], None],
    ):
        self.reader = reader
        self.writer = writer
        self.deliver = deliver
        self.sender = ""
        self.recipients: list[str] = []

    async def run(self) -> None:
        await self._say("220 mail catcher ready")
        while line := await self.reader.readline():
            verb = (
                line.strip()
                .split(b" ")[0]
                .split(b":")[0]
                .upper()
                .decode("ascii", "replace")
            )
            if verb == "QUIT":
                await self._say("221 bye")
                return
            await self._handle(verb, line)

    async def _handle(self, verb: str, line: bytes) -> None:
        if verb == "EHLO":
            await self._say(
                "250-mail catcher", "250-8BITMIME", f"250 SIZE {_MAX_MAIL_BYTES}"
            )
        elif verb == "MAIL":
            self.sender, self.recipients = _read_address(line), []
            await self._say("250 ok")
        elif verb == "RCPT":
            self.recipients.append(_read_address(line))
            await self._say("250 ok")
        elif verb == "DATA":
            await self._take_mail()
        elif verb in ("HELO", "NOOP", "RSET"):
            if verb == "RSET":
                self.sender, self.recipients = "", []
            await self._say("250 ok")
        else:
            await self._say("502 not needed here")

    async def _take_mail(self) -> None:
        if not self.recipients:
            await self._say("503 no recipient yet")
            return
        await self._say("354 go ahead, end with a single dot")
        lines: list[bytes] = []
        size = 0
        while (line := await self.reader.readline()) not in (b".\r\n", b".\n"):
            if not line:
                raise ConnectionError("cut in the middle of a mail")
            # A leading dot is doubled on the wire.
            lines.append(line[1:] if line.startswith(b".") else line)
            size += len(line)
            if size > _MAX_MAIL_BYTES:
                raise ConnectionError("mail too large")
        self.deliver(self.sender, self.recipients, b"".join(lines))
        self.sender, self.recipients = "", []
        await self._say("250 kept")

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()


def _read_address(line: bytes) -> str:
    match = _ADDRESS.search(line)
    return match.group(1).decode("utf-8", "replace") if match else ""
