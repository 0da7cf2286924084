"""The front page: what this is and where to click."""

from flask import Blueprint, render_template

from connector.sandbox.desk import HOME, desk

pages = Blueprint("front", __name__)


@pages.get("/")
def front_page() -> str:
    """What this is and where to click."""
    registers = [
        {"name": name, "people": len(desk().people.listing(name))}
        for name in desk().people.registers()
    ]
    return render_template(
        "front.html", registers=registers, home=HOME, address=desk().webhooks.address
    )
