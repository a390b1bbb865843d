"""Who answers: a script, else rules; then the trouble that was ordered."""

import json
import re

from . import letters, meetings, shapes, tools
from .facts import Facts
from .store import Call, Reply


def answer(question, state, trouble=""):
    """Return the reply to a question.

    :param trouble: kind of a fault in the answer itself, see `errors.ANSWERS`
    """
    reply = _scripted(question, state) or _by_rules(question, state)
    reply = _troubled(reply, question, trouble)
    reply.tokens_in = _tokens(question.everything)
    said = reply.text + json.dumps([call.arguments for call in reply.calls])
    reply.tokens_out = _tokens(said if reply.calls else reply.text)
    if question.max_tokens and reply.tokens_out > question.max_tokens:
        if not reply.calls:
            reply.text = reply.text[: question.max_tokens * 4]
            reply.end = "length"
        reply.tokens_out = question.max_tokens
    return reply


def _tokens(text):
    return max(1, round(len(text) / 4)) if text else 0


def _scripted(question, state):
    with state.lock:
        for script in state.scripts:
            if not re.search(script.get("match", ""), question.everything):
                continue
            script["times"] -= 1
            if script["times"] <= 0:
                state.scripts.remove(script)
            text = script.get("text", "")
            if "json" in script:
                text = json.dumps(script["json"], ensure_ascii=False)
            calls = [Call(**one) for one in script.get("calls", ())]
            end = script.get("end", "tool" if calls else "stop")
            return Reply(text, calls, end)
    return None


def _by_rules(question, state):
    facts = Facts(question.text, state.today)
    if state.settings.gullible and question.tools:
        calls = tools.obey(question)
        if calls and not _has_called(question, calls[0].name):
            return Reply("", calls, "tool")
    results = tools.read_results(question)
    if results and question.schema is None:
        return Reply(letters.about_results(results))
    if question.tools and not results:
        calls = tools.choose(question, state.today)
        if calls:
            return Reply("", calls, "tool")
    if question.schema is not None:
        if results:
            told = json.dumps(results, ensure_ascii=False)
            facts = Facts(f"{question.text}\n{told}", state.today)
        if meetings.fits(question.schema):
            value = meetings.write(question.text)
            return Reply(json.dumps(value, ensure_ascii=False))
        seed = sum(turn.role == "assistant" for turn in question.turns)
        value = shapes.Writer(question, facts, seed).write(question.schema)
        return Reply(json.dumps(value, ensure_ascii=False))
    if question.tools:
        return Reply(
            "Je ne peux répondre qu'aux questions sur votre activité commerciale :"
            " affaires, activités, rendez-vous, clients. Que souhaitez-vous savoir ?"
        )
    if len(question.text) < 120 and re.search(
        r"\b(ok|test|bonjour)\b", question.text, re.I
    ):
        return Reply("Bonjour, la connexion fonctionne.")
    return Reply(letters.letter(question, facts))


def _has_called(question, name):
    return any(call.name == name for turn in question.turns for call in turn.calls)


def _troubled(reply, question, trouble):
    if trouble == "refusal":
        return Reply(letters.NO, end="refusal")
    if trouble == "filtered":
        return Reply("", end="filtered")
    if trouble == "no_text":
        return Reply("")
    if trouble == "invalid_json":
        text = reply.text if question.schema is not None else "{"
        return Reply("Voici : " + text[: max(8, len(text) * 2 // 3)])
    if trouble == "wrong_schema":
        broken = shapes.break_shape(json.loads(reply.text)) if _is_json(reply) else {}
        return Reply(json.dumps(broken, ensure_ascii=False))
    if trouble == "english":
        return Reply(_in_english(reply))
    if trouble == "length":
        return Reply(reply.text[: max(1, len(reply.text) // 2)], end="length")
    return reply


def _is_json(reply):
    return reply.text.startswith("{")


def _in_english(reply):
    """The same shape, every longer text in the wrong language."""
    if not _is_json(reply):
        return letters.ENGLISH

    def turn(value):
        if isinstance(value, str):
            return letters.ENGLISH if len(value.split()) > 3 else value
        if isinstance(value, dict):
            return {key: turn(item) for key, item in value.items()}
        if isinstance(value, list):
            return [turn(item) for item in value]
        return value

    return json.dumps(turn(json.loads(reply.text)), ensure_ascii=False)
