"""Who belongs on a list for people: ids only, a page at a time, nothing unsealed."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, Table, exists, select

from connector.store.follow_up_row import STANDING
from connector.store.tables import answers, follow_up, person, submission

PAGE = 200


class Lists:
    """The lists within one transaction. `after` is the last of the page before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people_with(self, host: str, form_type: str, after: str = "") -> list[str]:
        """The people of whom a form of this kind is held, by record number."""
        query = select(answers.c.person_id).where(
            answers.c.host == host, answers.c.form_type == form_type, answers.c.person_id > after
        )
        ordered = query.order_by(answers.c.person_id).limit(PAGE)
        return list(self._connection.execute(ordered).scalars())

    def people_due(self, host: str, task: str, opens_by: date, after: str = "") -> list[str]:
        """The people for whom a task stands that opens by a day, by record number."""
        states = [each.value for each in STANDING]
        query = select(follow_up.c.person_id).where(
            follow_up.c.host == host,
            follow_up.c.task == task,
            follow_up.c.state.in_(states),
            follow_up.c.opens_on <= opens_by,
            follow_up.c.person_id > after,
        )
        ordered = query.distinct().order_by(follow_up.c.person_id).limit(PAGE)
        return list(self._connection.execute(ordered).scalars())

    def strangers(self, host: str, forms: Mapping[str, str]) -> set[str]:
        """Of the people these forms (by their ids) are about: those of whom nothing is kept."""
        people = set(forms.values())
        met = {forms[each] for each in self._among(submission, "form_id", host, forms)}
        for table in (person, answers, follow_up):
            met.update(self._among(table, "person_id", host, people))
        return people - met

    def _among(self, table: Table, name: str, host: str, wanted: Collection[str]) -> list[str]:
        mine = table.c.host == host, table.c[name].in_(wanted)
        return list(self._connection.execute(select(table.c[name]).where(*mine)).scalars())

    def forms_with_status(self, host: str, statuses: Collection[str], after: str = "") -> list[str]:
        """The submissions with one of these statuses that are the newest version of their form."""
        newer = submission.alias("newer")
        replaced = exists().where(
            newer.c.host == submission.c.host,
            newer.c.form_id == submission.c.form_id,
            newer.c.state == "processed",
            newer.c.ordinal > submission.c.ordinal,
        )
        query = select(submission.c.id).where(
            submission.c.host == host,
            submission.c.state == "processed",
            submission.c.status.in_(statuses),
            submission.c.id > after,
            ~replaced,
        )
        return list(self._connection.execute(query.order_by(submission.c.id).limit(PAGE)).scalars())
