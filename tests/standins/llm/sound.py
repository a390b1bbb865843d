"""Recordings: what they say is scripted, or a French meeting as long as the file."""

from .errors import VendorError

# Said by A and B in turn; figures and dates so that a summary has something to find.
_MEETING = (
    "Bonjour et merci de me recevoir aujourd'hui.",
    "Avec plaisir, nous voulons refaire notre site avant la fin du trimestre.",
    "Quel budget avez-vous prévu pour ce projet ?",
    "Nous avons prévu un budget de 18 000 euros, hébergement compris.",
    "Très bien, et qui prendra la décision finale ?",
    "C'est notre directrice générale qui décidera, elle veut voir une maquette.",
    "Je vous enverrai une proposition détaillée avant vendredi.",
    "Parfait, mais le délai nous inquiète un peu, nous avons déjà eu du retard.",
    "Je comprends, nous pouvons livrer une première version en six semaines.",
    "Une autre agence nous propose un prix plus bas, autour de 15 000 euros.",
    "Nous incluons la formation de vos équipes et un an de suivi.",
    "C'est un vrai plus, nous retenons donc cette option.",
    "Je prépare aussi le planning et je vous rappelle mardi prochain.",
    "De mon côté, je vous transmets les accès et la charte graphique.",
    "Entendu, merci beaucoup pour cet échange.",
)
_BYTES_PER_LINE = 40_000


def transcribe(form, state, anthropic=False):
    """Return (status, answer) of a transcription."""
    file_name, content = form.get("file", ("", b""))
    model = form.get("model", ("", b""))[1].decode()
    wanted = form.get("response_format", ("", b"json"))[1].decode()
    if not content:
        raise VendorError("400", message="file is empty", param="file")
    if not model:
        raise VendorError("400", message="you must provide a model parameter")
    _check_format(model, wanted)
    with state.lock:
        script = state.transcripts.pop(0) if state.transcripts else None
    segments = _segments(script, content)
    text = " ".join(one["text"] for one in segments)
    seconds = round(segments[-1]["end"], 2) if segments else 0.0
    language = form.get("language", ("", b"fr"))[1].decode()
    if wanted in ("text", "srt", "vtt"):
        return text
    answer = {"text": text, "usage": {"type": "duration", "seconds": round(seconds)}}
    if wanted == "verbose_json":
        named = {"fr": "french", "en": "english"}.get(language, language)
        answer |= {"language": named, "duration": seconds}
        answer["segments"] = [_verbose(i, one) for i, one in enumerate(segments)]
    elif wanted == "diarized_json":
        answer |= {"task": "transcribe", "duration": seconds}
        answer["segments"] = [
            {
                "type": "transcript.text.segment",
                "id": f"seg_{index:03d}",
                "start": one["start"],
                "end": one["end"],
                "text": one["text"],
                "speaker": one["speaker"],
            }
            for index, one in enumerate(segments)
        ]
    return answer


def _check_format(model, wanted):
    known = {"json"}
    if "whisper" in model:
        known |= {"text", "srt", "vtt", "verbose_json"}
    elif "diarize" in model:
        known |= {"text", "diarized_json"}
    if wanted not in known:
        message = f"response_format '{wanted}' is not compatible with model '{model}'"
        raise VendorError("400", message=message, param="response_format")


def _segments(script, content):
    if script and script.get("segments"):
        lines = [dict(one) for one in script["segments"]]
    elif script:
        lines = [{"text": script.get("text", "")}]
    else:
        count = max(3, min(len(content) // _BYTES_PER_LINE, 600))
        count = len(_MEETING) if len(content) < 3 * _BYTES_PER_LINE else count
        lines = [{"text": _MEETING[i % len(_MEETING)]} for i in range(count)]
    at = 0.0
    for index, line in enumerate(lines):
        line.setdefault("start", round(at, 2))
        line.setdefault("end", round(line["start"] + 1 + len(line["text"]) / 15, 2))
        line.setdefault("speaker", "AB"[index % 2])
        at = line["end"]
    return lines


def _verbose(index, one):
    return {
        "id": index,
        "seek": 0,
        "start": one["start"],
        "end": one["end"],
        "text": f" {one['text']}",
        "tokens": [50364, 50365],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.5,
        "no_speech_prob": 0.01,
    }
