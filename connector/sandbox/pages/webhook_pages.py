"""The webhooks that were sent, and sending one again."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.sandbox.desk import HOME, desk
from connector.sandbox.webhooks import Webhook

pages = Blueprint("webhooks", __name__)


@pages.get("/webhooks")
def webhooks_page() -> str:
    """Every webhook, newest first."""
    return render_template(
        "webhooks.html",
        webhooks=desk().webhooks.listing(),
        home=HOME,
        address=desk().webhooks.address,
    )


def _webhook_or_404(webhook_id: str) -> Webhook:
    webhook = desk().webhooks.find(webhook_id)
    if webhook is None:
        abort(404, "There is no webhook of this number.")
    return webhook


@pages.get("/webhooks/<webhook_id>")
def webhook_page(webhook_id: str) -> str:
    """One webhook: what was sent and what the connector said."""
    webhook = _webhook_or_404(webhook_id)
    return render_template(
        "webhook.html", webhook=webhook, home=HOME, address=desk().webhooks.address
    )


def show_webhook(webhook_id: str | None) -> Response:
    """Go to the page of a webhook that was just sent; to all of them where none was."""
    if webhook_id is None:
        return redirect(url_for("webhooks.webhooks_page"), code=303)
    return redirect(url_for("webhooks.webhook_page", webhook_id=webhook_id), code=303)


@pages.post("/webhooks/<webhook_id>/send")
def send_again(webhook_id: str) -> Response:
    """Send the same bytes again."""
    desk().webhooks.send(_webhook_or_404(webhook_id).id, desk().clock)
    return show_webhook(webhook_id)
