"""Documents over the REST API: attached in one step or two, found, and read back."""

import hashlib
from typing import Any

from flask import Response, request

from connector.sandbox.api import bodies
from connector.sandbox.api.door import api_blueprint, existing, found, keep, made
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import ApiProblem
from connector.sandbox.desk import desk
from connector.sandbox.entries import Content

calls = api_blueprint("documents")


@calls.post("/uploads")
@may_misbehave("upload")
def add_upload(register: str) -> Response:
    """Take the bytes of a document, to be attached in a second step."""
    if not request.get_data():
        raise ApiProblem(422, "Send the bytes of the document.")
    content = Content(request.mimetype or "application/octet-stream", request.get_data())
    return made("upload_id", desk().entries.upload(register, content))


@calls.post("/people/<person_id>/documents")
@may_misbehave("document")
def add_document(register: str, person_id: str) -> Response:
    """Attach a document: JSON with base64, multipart with a file, or JSON that names an upload."""
    multipart = request.mimetype == "multipart/form-data"
    body = request.form.to_dict() if multipart else bodies.json_object()
    reference = bodies.text(body, "reference")
    document = {
        "name": bodies.text(body, "name", longest=bodies.LONGEST_NAME),
        "category": bodies.optional_text(body, "category"),
    }
    with desk().database.transaction():
        upload_id = _upload_of(register, body, multipart)
        document |= _described(register, upload_id)
        return made("id", keep(register, "document", person_id, reference, document))


def _upload_of(register: str, body: Any, multipart: bool) -> str:
    if "upload_id" in body:
        return bodies.text(body, "upload_id")
    return desk().entries.upload(register, _file_part(body) if multipart else _base64_part(body))


def _file_part(body: Any) -> Content:
    part = request.files.get("file")
    if part is None:
        raise ApiProblem(422, "Send the document as the part named file.", "file")
    return Content(bodies.optional_text(body, "content_type") or part.mimetype, part.read())


def _base64_part(body: Any) -> Content:
    return Content(bodies.text(body, "content_type"), bodies.base64_bytes(body, "content"))


def _described(register: str, upload_id: str) -> dict[str, Any]:
    content = desk().entries.content(register, upload_id)
    if content is None:
        raise ApiProblem(422, "There is no upload of this number.", "upload_id")
    return {
        "content_type": content.content_type,
        "size": len(content.bytes),
        "sha256": hashlib.sha256(content.bytes).hexdigest(),
        "upload_id": upload_id,
    }


@calls.get("/documents")
@may_misbehave("lookup")
def find_documents(register: str) -> Response:
    """Documents by reference."""
    return found(register, "document")


@calls.get("/documents/<document_id>/content")
def read_document(register: str, document_id: str) -> Response:
    """The bytes of a document, as they came."""
    document = existing(register, "document", document_id)
    content = desk().entries.content(register, document.body["upload_id"])
    if content is None:
        raise ApiProblem(404, "The bytes of this document are gone.")
    return Response(content.bytes, content_type=content.content_type)
