"""Sample forms whose actions come as JSON inside a text, with whatever a test puts there."""

import json
from pathlib import Path
from typing import Any

MAPPINGS = Path(__file__).parents[2] / "mappings"
CELLS = {"what": "Ring", "who": "PA", "due": "2026-03-31", "area": "accommodation"}


def one_action(column: str, letters: str) -> str:
    """A row with these letters, as JSON writes them, within the text of one column."""
    cells = {name: f'"{said}"' for name, said in CELLS.items()} | {column: f'"A{letters}B"'}
    named = ", ".join(f'"{name}": {said}' for name, said in cells.items())
    return f"[{{{named}}}]"


def dataverse(text: str) -> bytes:
    """The dataverse sample with this text where it has its actions as JSON."""
    form = _sample("dataverse")
    held = next(each for each in _pairs(form) if each.get("key") == "cc_actionsjson")
    held["value"] = text
    return json.dumps(form).encode()


def question_code(text: str) -> bytes:
    """The question-code sample with this text instead of its rows of actions."""
    form = _sample("question-code")
    answers = form["form"]["answers"]
    others = [each for each in answers if each["questionUserCode"] != "p21.action"]
    form["form"]["answers"] = [*others, {"questionUserCode": "p21.action", "shortText": text}]
    return json.dumps(form).encode()


def _sample(host: str) -> Any:
    file = MAPPINGS / host / "samples" / "post_21_assessment.json"
    return json.loads(file.read_text("utf-8"))


def _pairs(node: Any) -> list[dict[str, Any]]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node] if isinstance(node, dict) else []
    return own + [pair for each in inner for pair in _pairs(each)]
