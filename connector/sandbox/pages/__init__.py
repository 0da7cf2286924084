"""The web pages of the sandbox."""

from connector.sandbox.pages import (
    form_pages,
    front,
    inboxes,
    misbehaviour,
    people,
    webhook_pages,
)

BLUEPRINTS = (
    front.pages,
    people.pages,
    inboxes.pages,
    form_pages.pages,
    webhook_pages.pages,
    misbehaviour.pages,
)
