"""What the web part is made of in a running connector."""

from collections.abc import Mapping
from typing import Any

from connector import __version__
from connector.assembly import Parts, every, today, utc_now
from connector.dry_run import try_payload
from connector.signature import secrets_of
from connector.web.services import WebServices


def web_services(parts: Parts) -> WebServices:
    """What the web part is given. Raises SetupProblem where a host's webhook secret is missing."""
    hosts, env = parts.configuration.hosts, parts.settings.secrets
    secrets = every(
        {
            name: lambda host=host: secrets_of(host.inbound.authentication, env)
            for name, host in hosts.items()
        }
    )
    return WebServices(
        store=parts.store,
        hosts=hosts,
        secrets=secrets,
        api_token=parts.settings.api_token or "",
        public_url=parts.settings.public_url,
        data_folder=parts.settings.data,
        now=utc_now,
        dry_run=lambda host, payload: _dry_run(parts, host, payload),
        version=__version__,
    )


def _dry_run(parts: Parts, host: str, payload: Any) -> Mapping[str, Any]:
    chosen = parts.configuration
    return try_payload(chosen.hosts[host], payload, chosen.policy, parts.working, today())
