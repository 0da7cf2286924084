"""Who sent this webhook: the judgement over raw bytes, without clock, file or network."""

from connector.signature.authentication import Authentication, Kind, faults_of, secrets_of
from connector.signature.sign import Proof, prove, sign_standard_webhook
from connector.signature.verify import Outcome, Verdict, verify

__all__ = [
    "Authentication",
    "Kind",
    "Outcome",
    "Proof",
    "Verdict",
    "faults_of",
    "prove",
    "secrets_of",
    "sign_standard_webhook",
    "verify",
]
