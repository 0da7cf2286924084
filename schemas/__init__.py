"""The forms we know. Adding one: its file, and a line in FORMS."""

from dataclasses import dataclass
from types import MappingProxyType

from schemas.annual_contact_outcome import AnnualContactOutcome, AnnualContactOutcomeSchema
from schemas.choices import FORM_TYPE
from schemas.envelope import Envelope, EnvelopeSchema
from schemas.family_request import FamilyRequest, FamilyRequestSchema
from schemas.post_21_assessment import Action, Area, Post21Assessment, Post21AssessmentSchema
from schemas.questions import FormSchema, Kind, Question, questions_of
from schemas.tailored_support_agreement import (
    Party,
    TailoredSupportAgreement,
    TailoredSupportAgreementSchema,
)

Form = TailoredSupportAgreement | Post21Assessment | AnnualContactOutcome | FamilyRequest


@dataclass(frozen=True)
class FormKind:
    """One form: the words for it and the schema that loads its answers."""

    title: str
    schema: type[FormSchema]

    @property
    def questions(self) -> MappingProxyType[str, Question]:
        """Every question of the form by canonical field name."""
        return questions_of(self.schema)


FORMS = {
    "tailored_support_agreement": FormKind(
        FORM_TYPE["tailored_support_agreement"], TailoredSupportAgreementSchema
    ),
    "post_21_assessment": FormKind(FORM_TYPE["post_21_assessment"], Post21AssessmentSchema),
    "annual_contact_outcome": FormKind(
        FORM_TYPE["annual_contact_outcome"], AnnualContactOutcomeSchema
    ),
    "family_request": FormKind(FORM_TYPE["family_request"], FamilyRequestSchema),
}

__all__ = [
    "FORMS",
    "Action",
    "AnnualContactOutcome",
    "Area",
    "Envelope",
    "EnvelopeSchema",
    "FamilyRequest",
    "Form",
    "FormKind",
    "Kind",
    "Party",
    "Post21Assessment",
    "Question",
    "TailoredSupportAgreement",
    "questions_of",
]
