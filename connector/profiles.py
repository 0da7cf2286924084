"""The council's configuration folder: found, read and checked as a whole.

One folder per host (`host.yaml` and one file per form), `policy.yaml`, and `bank_holidays.yaml`
where the council has days of its own. Every problem in any file is reported together.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from marshmallow import ValidationError

import connector
from connector.dates import WorkingDays
from connector.errors import ConfigurationProblem, Place
from connector.mapping.host_schema import load_host
from connector.mapping.profile import HostProfile
from connector.mapping.text import suggestion
from connector.mapping.yaml_text import Document, parse
from connector.policy.settings import DEFAULTS, PolicySettings
from connector.policy.settings_schema import load_policy, load_working_days
from schemas import FORMS

HOST_FILE = "host.yaml"
POLICY_FILE = "policy.yaml"
HOLIDAYS_FILE = "bank_holidays.yaml"

ENGLAND = WorkingDays()

T = TypeVar("T")


@dataclass(frozen=True)
class Configuration:
    """Everything under one configuration folder; `hash` changes when any YAML in it does."""

    folder: Path
    hosts: Mapping[str, HostProfile]
    policy: PolicySettings
    hash: str
    working: WorkingDays = ENGLAND


def find_folder(explicit: Path | None, env: Mapping[str, str]) -> Path:
    """`--config`, else CONNECTOR_CONFIG, else ./mappings, else the copy that came with us.

    Raises ConfigurationProblem where the one that was asked for is no folder.
    """
    asked = explicit or (Path(env["CONNECTOR_CONFIG"]) if env.get("CONNECTOR_CONFIG") else None)
    if asked is not None:
        if not asked.is_dir():
            raise ConfigurationProblem(
                [Place(str(asked), None, "", "There is no such folder. Check the path.")]
            )
        return asked
    here = Path("mappings")
    return here if here.is_dir() else packaged_folder()


def packaged_folder() -> Path:
    """The folder that came with the product; beside the source it is the repository's own."""
    package = Path(connector.__file__).parent
    beside = package.parent / "mappings"
    return beside if (beside / POLICY_FILE).is_file() else package / "mappings"


def load(folder: Path, only: str | None = None) -> Configuration:
    """Read the whole folder. Raises ConfigurationProblem with every place that is wrong.

    `only` that host is read, if there is one of that name: an unfinished one beside it is no bar.
    """
    wrong: list[Place] = []
    policy = _collect(partial(read_policy, folder / POLICY_FILE), wrong)
    working = _collect(partial(read_working_days, folder / HOLIDAYS_FILE), wrong)
    hosts: dict[str, HostProfile] = {}
    folders = list(_host_folders(folder))
    for each in [each for each in folders if each.name == only] or folders:
        host = _collect(partial(load_folder, each), wrong)
        if host:
            hosts[host.name] = host
    if not hosts and not wrong:
        wrong.append(Place(str(folder), None, "", f"No host here: no folder has a {HOST_FILE}."))
    if wrong or policy is None or working is None:
        raise ConfigurationProblem(wrong)
    return Configuration(folder, hosts, policy, _hash(folder), working)


def load_folder(folder: Path) -> HostProfile:
    """One host's folder. Raises ConfigurationProblem with every place that is wrong."""
    wrong: list[Place] = []
    host = _collect(partial(_document, folder / HOST_FILE), wrong)
    forms: dict[str, Document] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == HOST_FILE:
            continue
        if file.stem not in FORMS:
            wrong.append(_no_form(file))
            continue
        document = _collect(partial(_document, file), wrong)
        if document:
            forms[file.stem] = document
    loaded = _collect(partial(load_host, folder.name, host, forms), wrong) if host else None
    if wrong or loaded is None:
        raise ConfigurationProblem(wrong)
    return loaded


def read_policy(file: Path, base: PolicySettings = DEFAULTS) -> PolicySettings:
    """The council's settings; those a file does not have are `base` (R23)."""
    if not file.is_file():
        return base
    document = _document(file)
    try:
        return load_policy(document.tree, base)
    except ValidationError as error:
        raise ConfigurationProblem(document.places(error.messages)) from None


def read_working_days(file: Path) -> WorkingDays:
    """England's working days with the council's own, where it keeps a file of them (A4)."""
    if not file.is_file():
        return ENGLAND
    document = _document(file)
    try:
        return load_working_days(document.tree)
    except ValidationError as error:
        raise ConfigurationProblem(document.places(error.messages)) from None


def _collect(step: Callable[[], T], wrong: list[Place]) -> T | None:
    try:
        return step()
    except ConfigurationProblem as problem:
        wrong.extend(problem.places)
        return None


def _host_folders(folder: Path) -> Iterator[Path]:
    for each in sorted(folder.iterdir()):
        if each.is_dir() and (each / HOST_FILE).is_file():
            yield each


def _no_form(file: Path) -> Place:
    known = ", ".join(f"{name}.yaml" for name in FORMS)
    return Place(
        _shown(file), None, "", f"There is no form “{file.stem}”.{suggestion(file.stem, FORMS)} "
        f"The files beside {HOST_FILE} are {known}.",
    )  # fmt: skip


def _document(file: Path) -> Document:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationProblem(
            [Place(_shown(file), None, "", "Save this file as UTF-8.")]
        ) from None
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ConfigurationProblem(
            [Place(_shown(file), None, "", f"The file cannot be read: {reason}.")]
        ) from None
    return parse(_shown(file), text)


def _shown(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(str(file.relative_to(folder)).encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()
