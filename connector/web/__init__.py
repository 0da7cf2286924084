"""The door for hosts: webhooks in, and a small API about what became of them."""

from connector.web.application import create_app
from connector.web.server import WebServer, serve
from connector.web.services import WebServices

__all__ = ["WebServer", "WebServices", "create_app", "serve"]
