"""What the sandbox is told at its start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connector.signature import sign_standard_webhook


@dataclass(frozen=True)
class SandboxSettings:
    """Read once, then handed down.

    `database` None keeps everything in memory. `token` is the bearer token of the REST API,
    `webhook_secret` a Standard Webhooks secret (`whsec_…`), `connector_url` where the connector
    listens, without a path; blank leaves completed forms unsent until they are sent again.
    `clock_file` holds the date and time this system takes for now, for play over the years; it is
    read each time, and while it is not there the real time counts.
    """

    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    connector_url: str = ""
    database: Path | None = None
    port: int = 8090
    clock_file: Path | None = None

    def __post_init__(self) -> None:
        if not self.token or not self.webhook_secret:
            raise ValueError(
                "The sandbox needs SANDBOX_TOKEN (for its API) and SANDBOX_WEBHOOK_SECRET "
                "(to sign its webhooks). Set both to the values the connector has."
            )
        try:
            sign_standard_webhook(self.webhook_secret, "start", 0, b"")
        except ValueError as wrong:
            raise ValueError(f"SANDBOX_WEBHOOK_SECRET cannot be used: {wrong}.") from None

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "SandboxSettings":
        """The settings of SANDBOX_TOKEN, SANDBOX_WEBHOOK_SECRET, SANDBOX_DATABASE, SANDBOX_PORT,
        SANDBOX_CLOCK_FILE and CONNECTOR_URL; ValueError with a sentence for the reader where one
        is missing or wrong.
        """
        database, port = env.get("SANDBOX_DATABASE", ""), env.get("SANDBOX_PORT", "8090")
        clock_file = env.get("SANDBOX_CLOCK_FILE", "")
        if not port.isascii() or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError("SANDBOX_PORT must be a port number from 0 to 65535.")
        return cls(
            token=env.get("SANDBOX_TOKEN", ""),
            webhook_secret=env.get("SANDBOX_WEBHOOK_SECRET", ""),
            connector_url=env.get("CONNECTOR_URL", ""),
            database=Path(database) if database else None,
            port=int(port),
            clock_file=Path(clock_file) if clock_file else None,
        )
