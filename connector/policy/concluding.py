"""From what the rules found to a decision: status, tasks kept, the line, what is written back.

The order of the statuses and what is done under each are rulings (domain 1.0 Status, R5 to R12).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from connector.dates import in_words
from connector.model import Decision, Inbox, Problem, Severity, Task, WriteBack
from connector.policy.case import Case, Claim, Finding, Wanted
from connector.policy.placing import merged, needs_manager, needs_worker, placed
from connector.policy.unasked import until_somebody_is_allocated
from connector.policy.words import STATUS_ORDER, STATUS_WORDS, TASK_TITLES
from schemas import FORMS

STATUS_ONLY = frozenset({"ended_deceased", "withdrawn"})
SEVERITY_ORDER = "EHWI"
_IF_IT_IS_RIGHT = (
    "If an answer is right as it stands, leave it: the form does not take effect. Tell your"
    " manager."
)


@dataclass(frozen=True)
class FormPolicy:
    """How one form's findings become a decision.

    `own_status`: the outcome's own status, where nothing holds it up. `kept_on_hold`: which task
    ids are made although a rule holds the form. `no_worker_rule`: the rule of T91. `facts`: the
    write-back fields beyond status, line and lists, given the status and the tasks.
    `status_words`: sentences that differ from the general ones. `turns_on`: the day on which a
    status ends by itself (R13, R22).
    """

    own_status: str
    kept_on_hold: Callable[[str], bool]
    no_worker_rule: str
    facts: Callable[[str, Sequence[Task]], Mapping[str, Any]]
    status_words: Mapping[str, str] = field(default_factory=dict)
    cancels_open_tasks: Callable[[str], bool] = lambda status: False
    turns_on: Callable[[str], date | None] = lambda status: None
    stops_on: date | None = None
    stops_because: str = ""


def conclude(case: Case, findings: Iterable[Finding], policy: FormPolicy) -> Decision:
    """The decision for one form."""
    found = list(findings)
    problems = [*case.form.problems, *(each for each in found if isinstance(each, Problem))]
    claims = {each.status for each in found if isinstance(each, Claim)}
    status = _status(case, problems, claims, policy.own_status)
    wanted = _kept(
        case, status, merged(w for w in found if isinstance(w, Wanted)), problems, policy
    )
    wanted += _no_worker(case, wanted, policy)
    if needs_manager(case, wanted):
        problems.append(
            case.warning(
                "EN-01", "No manager is named, so what is for the manager goes to the team's inbox."
            )
        )
    ordered = tuple(sorted(problems, key=urgency))
    tasks = tuple(sorted((placed(case, each) for each in wanted), key=_by_date))
    return _decision(case, status, ordered, tasks, policy)


def urgency(problem: Problem) -> tuple[int, bool, str]:
    """E before H, W and I; the service's rules before EN; then by number (T90)."""
    return (
        SEVERITY_ORDER.index(problem.severity),
        problem.rule.startswith("EN"),
        problem.rule.partition("-")[2] + problem.rule,
    )


def _by_date(task: Task) -> tuple[date, str, str]:
    return task.due_on, task.task, task.occurrence


def _status(case: Case, problems: Sequence[Problem], claims: set[str], own: str) -> str:
    severities = {problem.severity for problem in problems}
    applies = claims | {
        name
        for name, there in (
            ("ended_deceased", case.record.deceased or _tells_of_a_death(case, problems)),
            ("withdrawn", case.envelope.form_status == "withdrawn"),
            ("needs_attention", Severity.ERROR in severities),
            ("on_hold", Severity.HOLD in severities),
        )
        if there
    }
    return next((status for status in STATUS_ORDER if status in applies), own)


def _tells_of_a_death(case: Case, problems: Iterable[Problem]) -> bool:
    """Of whom it is about for sure: else the death may be somebody else's (EN-07)."""
    return case.envelope.date_of_death is not None and not _wrong_person(problems)


def _kept(
    case: Case, status: str, wanted: list[Wanted], problems: list[Problem], policy: FormPolicy
) -> list[Wanted]:
    """The tasks that are made under a status (R5 to R10)."""
    if status == "ended_deceased":
        return []
    if status == "withdrawn":
        return [_withdrawn(case)]
    if status == "needs_attention":
        return [_fix_the_form(case, "Fix the form", sorted(problems, key=urgency))]
    if status == "not_in_scope_age_25":
        return [each for each in wanted if each.task == "T32"]
    holds = [problem for problem in problems if problem.severity is Severity.HOLD]
    if not holds:
        return wanted
    if _wrong_person(problems):
        return [_put_right(case, sorted(holds, key=urgency))]
    kept = [each for each in wanted if policy.kept_on_hold(each.task)]
    covered = {rule for each in kept for rule in (*each.covers, each.rule)}
    open_holds = sorted((h for h in holds if h.rule not in covered), key=urgency)
    return [*kept, _put_right(case, open_holds)] if open_holds else kept


def _wrong_person(problems: Iterable[Problem]) -> bool:
    """Whether the form may be about somebody else than its number says (EN-07)."""
    return any(p.rule == "EN-07" and p.severity is Severity.HOLD for p in problems)


def _put_right(case: Case, holds: Sequence[Problem]) -> Wanted:
    """T90 for a form on hold; an answer may hold it and be right all the same (R6)."""
    task = _fix_the_form(case, "Put right the form", holds)
    return replace(task, text=f"{task.text}\n{_IF_IT_IS_RIGHT}")


def _fix_the_form(case: Case, verb: str, problems: Sequence[Problem]) -> Wanted:
    """T90 to the author, listing every problem by the host's own question (R6, R12)."""
    envelope = case.envelope
    listed = [p for p in problems if p.severity in (Severity.ERROR, Severity.HOLD)]
    checks = [p for p in problems if p.severity is Severity.WARNING]
    title = verb if envelope.record_restricted else f"{verb}: {_in_a_title(listed[0])}"
    author = envelope.completed_by_id or envelope.allocated_worker_id
    return Wanted(
        task="T90",
        rule=listed[0].rule,
        inbox=Inbox.WORKER if author else Inbox.TEAM,
        assignee=author,
        because=f"{_the_form(case)} cannot take effect as it is.{_count_of(listed)}",
        title=title,
        text="\n".join((*map(_listed, listed), *_to_check(checks))),
        occurrence=envelope.submission_id or "",
        done_by="The form is completed again with the answers put right. This task then goes.",
        **case.counted(2),
    )


def _in_a_title(problem: Problem) -> str:
    """A problem for an inbox others may see: what was typed by mistake stays out of it."""
    if problem.rule in {"EN-05", "EN-10"} and problem.question:
        return f"check “{problem.question}”"
    return problem.message.rstrip(".")


def _to_check(warnings: Sequence[Problem]) -> Iterable[str]:
    return ("Also check:", *map(_listed, warnings)) if warnings else ()


def _listed(problem: Problem) -> str:
    """One line of the list; a message that names the question already stands alone."""
    question, message = problem.question, problem.message
    if not question or question in message:
        return f"- {message}"
    return f"- {question} {message}" if question.endswith("?") else f"- {question}: {message}"


def _count_of(problems: Sequence[Problem]) -> str:
    return f" There are {len(problems)} things to put right." if len(problems) > 1 else ""


def _the_form(case: Case) -> str:
    """Which form a task is about, in the words for its kind."""
    kind = FORMS.get(case.envelope.form_type or "")
    return f"The form “{kind.title}”" if kind else "The form"


def _withdrawn(case: Case) -> Wanted:
    return Wanted(
        task="T35",
        rule="EN-01",
        inbox=Inbox.MANAGER,
        because=f"{_the_form(case)} was withdrawn in the case system.",
        text="Tasks from this form that had not opened yet will not come, and those in an inbox"
        " are being cancelled: check that none is left. A case summary that was attached stays on"
        " the record.",
        done_by="No task of the withdrawn form is left in an inbox.",
        **case.counted(5),
    )


def _no_worker(case: Case, wanted: list[Wanted], policy: FormPolicy) -> list[Wanted]:
    """T91 where a task would go to a worker and none is named (R12)."""
    if not needs_worker(case, wanted):
        return []
    return [
        Wanted(
            task="T91",
            rule=policy.no_worker_rule,
            inbox=Inbox.MANAGER,
            because="The form asks for tasks of the allocated worker and names none.",
            text=until_somebody_is_allocated(
                each.title or TASK_TITLES[each.task]
                for each in wanted
                if each.inbox is Inbox.WORKER and not each.assignee
            ),
            done_by="A worker is allocated and has the tasks.",
            **case.counted(2),
        )
    ]


def _decision(
    case: Case,
    status: str,
    problems: tuple[Problem, ...],
    tasks: tuple[Task, ...],
    policy: FormPolicy,
) -> Decision:
    form_type = case.envelope.form_type or ""
    line = _line(policy.status_words.get(status, STATUS_WORDS[status]), tasks)
    facts = {} if status in STATUS_ONLY | {"needs_attention"} else policy.facts(status, tasks)
    lists = {} if status in STATUS_ONLY else _lists(problems)
    sure = not _wrong_person(problems)
    return Decision(
        form_type=form_type,
        status=status,
        line=line,
        write_back=WriteBack(status=status, line=line, form=form_type, **lists, **facts),
        problems=problems,
        tasks=tasks,
        attaches_summary=sure and status not in STATUS_ONLY | {"needs_attention"},
        cancels_open_tasks=status in STATUS_ONLY or policy.cancels_open_tasks(status),
        turns_on=policy.turns_on(status),
        writes_record=sure,
        stops_on=policy.stops_on,
        stops_because=policy.stops_because,
    )


def _line(words: str, tasks: Sequence[Task]) -> str:
    """The one sentence on the record, and what comes next (design section 5, "line")."""
    if not tasks:
        return f"{words}."
    return f"{words}. Next: {tasks[0].title} by {in_words(tasks[0].due_on)}."


def _lists(problems: Sequence[Problem]) -> dict[str, Any]:
    reasons = tuple(p.message for p in problems if p.severity in (Severity.ERROR, Severity.HOLD))
    warnings = tuple(p.message for p in problems if p.severity is Severity.WARNING)
    return {"reasons": reasons or None, "warnings": warnings or None}


__all__ = ["FormPolicy", "conclude", "urgency"]
