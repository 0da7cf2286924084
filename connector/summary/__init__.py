"""The case summary of one completed form: the same content for the PDF and for the case note.

`summarise` makes it, `as_text` prints it as the case note, `file_name` names the document.
"""

from connector.summary.blocks import (
    Answer,
    Answers,
    Block,
    InNote,
    Points,
    Section,
    Summary,
    Table,
    from_json,
    to_json,
)
from connector.summary.naming import file_name
from connector.summary.note import as_text
from connector.summary.top import summarise

__all__ = [
    "Answer",
    "Answers",
    "Block",
    "InNote",
    "Points",
    "Section",
    "Summary",
    "Table",
    "as_text",
    "file_name",
    "from_json",
    "summarise",
    "to_json",
]
