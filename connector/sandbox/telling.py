"""Telling the connector what happens: the change and its webhook are kept together, then sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import url_for

from connector.sandbox.desk import HOME, desk
from connector.sandbox.filled_forms import FilledForm

CONNECTOR = "connector"
"""The account with which the connector signs in: `modified_by` of what it changes itself."""


class Told:
    """What is told of one change. `webhook_id` names the webhook, None where nobody is told."""

    def __init__(self, register: str, by: str) -> None:
        self._register = register
        self._by = by
        self.webhook_id: str | None = None

    def event(self, name: str, parts: Mapping[str, object]) -> None:
        """Tell that something happened. What the connector did itself is told only by a switch."""
        if self._is_told():
            now = desk().now()
            self.webhook_id = desk().webhooks.keep_event(name, parts, self._by, now)

    def form(self, form: FilledForm) -> None:
        """Send a form with its answers; one the connector changed only by a switch."""
        if self._is_told():
            url = url_for("forms.edit_form_page", form_id=form.id, _external=True)
            self.webhook_id = desk().webhooks.keep_form(form, url, self._by, desk().now())

    def _is_told(self) -> bool:
        if self._register != HOME:
            return False
        return self._by != CONNECTOR or desk().switches.strike(HOME, "echo") is not None


@contextmanager
def telling(register: str, by: str) -> Iterator[Told]:
    """Change something and say what is to be told of it: both are kept, or neither.

    It is sent afterwards, outside the transaction: the connector may call back at once. `by` is
    the number of whoever makes the change.
    """
    told = Told(register, by)
    with desk().database.transaction():
        yield told
    if told.webhook_id:
        _send(told.webhook_id)


def _send(webhook_id: str) -> None:
    if desk().switches.strike(HOME, "webhook"):
        desk().webhooks.lose(webhook_id)
    else:
        desk().webhooks.send(webhook_id, desk().clock)


def tell_of_an_outcome(register: str, person_id: str) -> None:
    """After the connector wrote an outcome: a case system that echoes sends the form again."""
    form = next(iter(desk().forms.of_person(register, person_id)), None)
    if form:
        with telling(register, CONNECTOR) as told:
            told.form(form)
