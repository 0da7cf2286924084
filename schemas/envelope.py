"""The envelope all forms share: which form, about whom, by whom (domain 1.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marshmallow import post_load

from schemas import choices
from schemas.questions import FormSchema, choice, day, moment, text, yes_no


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Who and what a form is about. Ids are the host's and compare as text."""

    submission_id: str | None = None
    submission_version: str = "1"
    form_type: str | None = None
    form_status: str = "completed"
    completed_at: datetime | None = None
    completed_by_id: str | None = None
    completed_by_name: str | None = None
    completed_by_email: str | None = None
    completed_by_role: str | None = None
    person_id: str | None = None
    person_first_name: str | None = None
    person_last_name: str | None = None
    date_of_birth: date | None = None
    date_of_birth_on_record: date | None = None
    date_of_death: date | None = None
    nhs_number: str | None = None
    case_id: str | None = None
    allocated_worker_id: str | None = None
    allocated_worker_name: str | None = None
    manager_id: str | None = None
    manager_name: str | None = None
    team_id: str | None = None
    team_name: str | None = None
    record_restricted: bool = False
    form_url: str | None = None


class EnvelopeSchema(FormSchema):
    """Domain 1.2. A blank required field is EN-01, the date of birth EN-02."""

    submission_id = text("Form number", required_by="EN-01", longest=100)
    submission_version = text("Form version", longest=100)
    form_type = choice("Form", choices.FORM_TYPE, required_by="EN-01")
    form_status = choice("Form status", choices.FORM_STATUS)
    completed_at = moment("Date and time the form was completed", required_by="EN-01")
    completed_by_id = text("Worker who completed the form", required_by="EN-01", longest=100)
    completed_by_name = text("Name of the worker who completed the form")
    completed_by_email = text("E-mail address of the worker who completed the form")
    completed_by_role = text("Role of the worker who completed the form")
    person_id = text("Record number of the young person", required_by="EN-01", longest=36)
    person_first_name = text("First name")
    person_last_name = text("Last name")
    date_of_birth = day("Date of birth", required_by="EN-02")
    date_of_birth_on_record = day("Date of birth on the young person's record")
    date_of_death = day("Date of death", past=True)
    nhs_number = text("NHS number")
    case_id = text("Case number", longest=100)
    allocated_worker_id = text("Allocated leaving care worker", longest=100)
    allocated_worker_name = text("Name of the allocated leaving care worker")
    manager_id = text("Manager", longest=100)
    manager_name = text("Name of the manager")
    team_id = text("Team", longest=100)
    team_name = text("Name of the team")
    record_restricted = yes_no("Is the record restricted?")
    form_url = text("Link to the form")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> Envelope:
        return Envelope(**{name: value for name, value in values.items() if value is not None})
