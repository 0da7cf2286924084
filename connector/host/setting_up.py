"""What must be right before the first request: the environment variables a profile names."""

from collections.abc import Mapping
from pathlib import Path

from connector.errors import SetupProblem
from connector.host.wire import Wire
from connector.mapping.outbound import Outbound
from connector.mapping.outbound_auth import ClientCertificate, ClientCredentials
from connector.mapping.outbound_fields import address_fault

_NO_ADDRESS = "The host's profile has no outbound: part, so nothing can be written there."


def wired(outbound: Outbound, secrets: Mapping[str, str]) -> Wire:
    """Connections with the time-outs and certificates of the profile."""
    auth, bundle = outbound.auth, outbound.tls.ca_bundle_env
    certificate = None
    if isinstance(auth, ClientCertificate):
        certificate = (secrets[auth.certificate_env].strip(), secrets[auth.key_env].strip())
    return Wire(
        outbound.timeouts,
        connections=outbound.rate.concurrency,
        ca_bundle=secrets[bundle].strip() if bundle else None,
        certificate=certificate,
    )


def check_setup(outbound: Outbound, secrets: Mapping[str, str]) -> None:
    """SetupProblem with one line for each variable that is missing or unfit."""
    missing = [name for name in outbound.environment() if not secrets.get(name, "").strip()]
    problems = [] if outbound.base_url or outbound.base_url_env else [_NO_ADDRESS]
    problems += [
        f"The environment variable {name} is not set; host.yaml names it under outbound."
        for name in missing
    ]
    for name, allow_http in _addresses(outbound):
        fault = name not in missing and address_fault(secrets[name].strip(), allow_http=allow_http)
        if fault:
            problems.append(f"The environment variable {name}: {fault}")
    for name in _files(outbound):
        if name not in missing and not Path(secrets[name].strip()).is_file():
            problems.append(f"The environment variable {name} names no file.")
    if problems:
        raise SetupProblem("\n".join(problems))


def _addresses(outbound: Outbound) -> list[tuple[str, bool]]:
    named = [(outbound.base_url_env, outbound.allow_http)]
    if isinstance(outbound.auth, ClientCredentials):
        named.append((outbound.auth.token_url_env, outbound.auth.allow_http))
    return [(name, allow_http) for name, allow_http in named if name]


def _files(outbound: Outbound) -> list[str]:
    names = [outbound.tls.ca_bundle_env]
    if isinstance(outbound.auth, ClientCertificate):
        names += [outbound.auth.certificate_env, outbound.auth.key_env]
    return [name for name in names if name]
