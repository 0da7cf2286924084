"""The name of the document: form, day, record number and version; never a person's name."""

import hashlib
import re

from connector.model import CompletedForm
from connector.summary.words import form_day
from schemas import FORMS

LONGEST = 80


def file_name(form: CompletedForm, ordinal: int) -> str:
    """Post-21 assessment 2026-02-12 900456 v1.pdf; at most 80 characters (DC-34).

    A record number too long to fit is cut and ends in six digits of its hash, so that two
    people never share a name.
    """
    envelope = form.envelope
    title = FORMS[envelope.form_type].title if envelope.form_type else "Form"
    start = f"{title} {form_day(envelope) or 'undated'} "
    end = f" v{ordinal}.pdf"
    return start + _record(envelope.person_id or "", LONGEST - len(start) - len(end)) + end


def _record(person_id: str, longest: int) -> str:
    safe = re.sub(r"[^A-Za-z0-9_-]", "", person_id)
    if safe == person_id and 0 < len(safe) <= longest:
        return safe
    mark = hashlib.sha256(person_id.encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"{safe[: longest - 7]}-{mark}" if safe else f"record-{mark}"
