"""The REST API of the sandbox: what a connector may do in this case system."""

from connector.sandbox.api import documents, forms, records, switches, tasks

BLUEPRINTS = (records.calls, documents.calls, tasks.calls, forms.calls, switches.calls)
