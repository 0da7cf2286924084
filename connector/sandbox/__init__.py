"""The sandbox: a made-up council case record system to try the connector against.

It is another system that ships in the same box: it shares nothing with the connector but
`connector.signature`, with which it signs its webhooks as a host would.
"""

from connector.sandbox.app import create_sandbox
from connector.sandbox.server import RunningSandbox, serve, start
from connector.sandbox.settings import SandboxSettings

__all__ = ["RunningSandbox", "SandboxSettings", "create_sandbox", "serve", "start"]
