"""The values that cross a boundary. All frozen; no behaviour beyond reading themselves."""

from connector.model.forms import (
    CompletedForm,
    Fault,
    FaultKind,
    PersonRecord,
    Problem,
    Reading,
    RecordedAnswer,
    Severity,
)
from connector.model.owed import (
    Decision,
    Effect,
    EffectKind,
    FollowUp,
    Inbox,
    Task,
    WriteBack,
)

__all__ = [
    "CompletedForm",
    "Decision",
    "Effect",
    "EffectKind",
    "Fault",
    "FaultKind",
    "FollowUp",
    "Inbox",
    "PersonRecord",
    "Problem",
    "Reading",
    "RecordedAnswer",
    "Severity",
    "Task",
    "WriteBack",
]
