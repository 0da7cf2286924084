"""What people can do at their desks, by name, from what they typed or sent.

The pages and the desk calls both come through here. Each act gives the id of the webhook that
tells of it, None where nobody is told; ValueError and `TaskIsClosed` say why nothing was done.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from connector.sandbox import life, sent_forms, tasks
from connector.sandbox.desk import desk
from connector.sandbox.entries import Entry
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.people import Person
from connector.sandbox.said import Said, day, words, yes

INBOXES = ("worker", "manager", "team")


def _complete(task: Entry, said: Said, by: str) -> str | None:
    result = words(said, "result").lower().replace(" ", "_")
    if result not in ("", "done", *tasks.RESULTS):
        raise ValueError("The result is No change, Change needed or Done.")
    ended = result if result in tasks.RESULTS else None
    return tasks.complete(task, ended, day(said, "done_on") or None, by)


def _cancel(task: Entry, said: Said, by: str) -> str | None:
    return tasks.cancel(task, words(said, "reason") or "No longer needed", by)


def _reassign(task: Entry, said: Said, by: str) -> str | None:
    assignee = {"kind": words(said, "kind"), "id": words(said, "id")}
    if assignee["kind"] not in INBOXES or not assignee["id"]:
        raise ValueError("Say whose inbox: a worker's, a manager's or a team's, and their number.")
    return tasks.reassign(task, assignee, by)


def _roles(person: Person, said: Said, by: str) -> str | None:
    roles = {role: words(said, f"{role}_id") for role in life.ROLES if f"{role}_id" in said}
    if not roles:
        raise ValueError("Give at least one of worker_id, manager_id and team_id.")
    return life.change_roles(person, roles, by)


def _left(person: Person, _: Said, by: str) -> str | None:
    return life.worker_leaves(person, by)


def _death(person: Person, said: Said, by: str) -> str | None:
    died_on = day(said, "date_of_death") or desk().today().isoformat()
    return life.record_death(person, died_on, by)


def _alive(person: Person, _: Said, by: str) -> str | None:
    return life.take_back_death(person, by)


def _restrict(person: Person, said: Said, by: str) -> str | None:
    return life.restrict(person, "restricted" not in said or yes(said, "restricted"), by)


def _merge(person: Person, said: Said, by: str) -> str | None:
    return life.merge(person, words(said, "into"), by)


def _support(person: Person, said: Said, by: str) -> str | None:
    return life.ask_for_support(
        person, day(said, "requested_on"), words(said, "previous_pa_id"), by
    )


TASK_ACTS: Mapping[str, Callable[[Entry, Said, str], str | None]] = MappingProxyType(
    {"complete": _complete, "cancel": _cancel, "reassign": _reassign}
)
PERSON_ACTS: Mapping[str, Callable[[Person, Said, str], str | None]] = MappingProxyType(
    {
        "roles": _roles,
        "left": _left,
        "death": _death,
        "alive": _alive,
        "restrict": _restrict,
        "merge": _merge,
        "support": _support,
    }
)
FORM_ACTS: Mapping[str, str] = MappingProxyType({"reopen": "reopened", "withdraw": "withdrawn"})


def act_on_task(act: str, task: Entry, said: Said) -> str | None:
    """Complete, cancel or reassign a task."""
    return TASK_ACTS[act](task, said, words(said, "by") or tasks.at_hand(task))


def act_on_person(act: str, person: Person, said: Said) -> str | None:
    """Something happens to a person or to their record."""
    return PERSON_ACTS[act](person, said, words(said, "by") or life.at_hand(person))


def act_on_form(act: str, form: FilledForm, said: Said) -> str | None:
    """Reopen or withdraw a form: a short event, or the whole form `with_answers`."""
    by = words(said, "by") or str(form.head["completed_by_id"])
    take_back = sent_forms.take_back if yes(said, "with_answers") else sent_forms.take_back_in_short
    return take_back(form, FORM_ACTS[act], by)
