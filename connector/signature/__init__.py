"""Who sent this webhook: the judgement over raw bytes, without clock, file or network."""

from connector.signature.authentication import Authentication, Kind, faults_of, secrets_of

__all__ = ["Authentication", "Kind", "faults_of", "secrets_of"]
