"""Reads a Dockerfile as far as ours goes: instructions, joined lines, stages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instruction:
    """One instruction; `stage` is the name after AS of its FROM."""

    stage: str
    name: str
    value: str


def read_dockerfile(text):
    """The instructions in order, comments left out, continued lines joined."""
    instructions, pending, stage = [], "", ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        pending += line.strip()
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        if pending:
            name, _space, value = pending.partition(" ")
            if name == "FROM":
                stage = value.split(" AS ")[1]
            instructions.append(Instruction(stage, name, value.strip()))
        pending = ""
    return instructions
