"""The web pages of the sandbox."""

from connector.sandbox.pages import (
    form_pages,
    front,
    inboxes,
    life_pages,
    misbehaviour,
    people,
    webhook_pages,
)

BLUEPRINTS = (
    front.pages,
    people.pages,
    inboxes.pages,
    life_pages.pages,
    form_pages.pages,
    webhook_pages.pages,
    misbehaviour.pages,
)
