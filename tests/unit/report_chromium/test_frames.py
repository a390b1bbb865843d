import pytest

from odoo.addons.report_chromium.lib.frames import MessageSplitter, encode_message

MESSAGES = [{"id": 1, "result": {"text": "é\u0000\ud800"}}, {"method": "X", "n": [1]}]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_messages_survive_pieces_of_any_size(size):
    data = b"".join(encode_message(message) for message in MESSAGES)
    splitter, found = MessageSplitter(), []
    for start in range(0, len(data), size):
        found += splitter.feed(data[start : start + size])
    assert found == MESSAGES


def test_a_message_ends_where_it_ends():
    assert encode_message(MESSAGES[0]).count(b"\0") == 1


@pytest.mark.parametrize("data", [b"not json\0", b"[1]\0", b'"text"\0'])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError):
        MessageSplitter().feed(data)


def test_empty_messages_are_nothing():
    assert MessageSplitter().feed(b"\0\0") == []
