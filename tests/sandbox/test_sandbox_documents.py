"""Documents come back byte for byte, whichever way they were attached."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Api = Callable[..., TestResponse]
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300
FACTS = {"reference": "r-3", "name": "Post-21 assessment v1.pdf", "category": "Case summary"}
IN_JSON = FACTS | {"content_type": "application/pdf", "content": b64encode(PDF).decode()}


def _in_json(api: Api) -> TestResponse:
    return api("post", "/people/7/documents", json=IN_JSON)


def _multipart(api: Api) -> TestResponse:
    part = (BytesIO(PDF), "summary.pdf", "application/pdf")
    return api("post", "/people/7/documents", data=FACTS | {"file": part})


def _two_steps(api: Api) -> TestResponse:
    upload = api("post", "/uploads", data=PDF, content_type="application/pdf")
    assert upload.status_code == 201
    return api("post", "/people/7/documents", json=FACTS | upload.get_json())


@pytest.mark.parametrize("attach", [_in_json, _multipart, _two_steps])
def test_a_document_comes_back_as_it_was(api: Api, attach: Callable[[Api], TestResponse]) -> None:
    made = attach(api)
    assert made.status_code == 201
    document_id = made.get_json()["id"]
    content = api("get", f"/documents/{document_id}/content")
    assert (content.data, content.mimetype) == (PDF, "application/pdf")
    found = api("get", "/documents?reference=r-3").get_json()["items"]
    assert [item["id"] for item in found] == [document_id]
    listed = api("get", "/everything").get_json()["documents"][0]
    assert (listed["name"], listed["size"]) == (FACTS["name"], len(PDF))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x" * 81}, "name"),
        ({"content": "not base64!"}, "content"),
        ({"content_type": ""}, "content_type"),
        ({"upload_id": "upload-none"}, "upload_id"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(
    api: Api, change: dict[str, Any], field: str
) -> None:
    answer = api("post", "/people/7/documents", json=IN_JSON | change)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
    assert api("get", "/everything").get_json()["documents"] == []


def test_a_multipart_document_without_its_file_is_refused(api: Api) -> None:
    facts = FACTS | {"other": (BytesIO(b"x"), "x.pdf")}
    assert api("post", "/people/7/documents", data=facts).get_json()["field"] == "file"


def test_an_empty_upload_is_refused(api: Api) -> None:
    assert api("post", "/uploads", data=b"").status_code == 422


def test_a_pdf_opens_in_the_browser_and_anything_else_is_saved(
    api: Api, browser: FlaskClient
) -> None:
    page = IN_JSON | {"content_type": "text/html", "content": b64encode(b"<script>").decode()}
    pdf, html = (
        api("post", "/people/7/documents", json=body).get_json()["id"] for body in (IN_JSON, page)
    )
    opened = browser.get(f"/registers/flat/documents/{pdf}")
    assert opened.data == PDF
    assert opened.headers["Content-Disposition"].startswith("inline")
    saved = browser.get(f"/registers/flat/documents/{html}")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
