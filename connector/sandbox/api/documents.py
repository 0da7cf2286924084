"""Documents over the REST API: attached to a person or a task, found, and read back."""

import hashlib
from typing import Any

from flask import Response, request

from connector.sandbox.api import bodies
from connector.sandbox.api.door import (
    api_blueprint,
    existing,
    found,
    keep,
    keep_about_nobody,
    made,
)
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import ApiProblem
from connector.sandbox.desk import desk
from connector.sandbox.entries import Content, Entry

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
    with desk().database.transaction():
        reference, document = _sent(register)
        return made("id", keep(register, "document", person_id, reference, document))


@calls.post("/tasks/<task_id>/documents")
@may_misbehave("document")
def add_task_document(register: str, task_id: str) -> Response:
    """Attach a document to a task, in the same ways."""
    task = existing(register, "task", task_id)
    with desk().database.transaction():
        reference, document = _sent(register)
        document |= {"task_id": task.id}
        if not task.person_id:
            return made("id", keep_about_nobody(register, "task_document", reference, document))
        return made("id", keep(register, "task_document", task.person_id, reference, document))


def _sent(register: str) -> tuple[str, dict[str, Any]]:
    """The reference and the description of the document in the request; its bytes are kept."""
    multipart = request.mimetype == "multipart/form-data"
    body = request.form.to_dict() if multipart else bodies.json_object()
    reference = bodies.text(body, "reference")
    named = {
        "name": bodies.text(body, "name", longest=bodies.LONGEST_NAME),
        "category": bodies.optional_text(body, "category"),
    }
    return reference, named | _described(register, _upload_of(register, body, multipart))


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


@calls.get("/task-documents")
@may_misbehave("lookup")
def find_task_documents(register: str) -> Response:
    """Documents of tasks by reference."""
    return found(register, "task_document")


@calls.get("/documents/<document_id>/content")
def read_document(register: str, document_id: str) -> Response:
    """The bytes of a document, as they came."""
    return _content_of(existing(register, "document", document_id))


@calls.get("/task-documents/<document_id>/content")
def read_task_document(register: str, document_id: str) -> Response:
    """The bytes of a task's document, as they came."""
    return _content_of(existing(register, "task_document", document_id))


def _content_of(document: Entry) -> Response:
    content = desk().entries.content(document.register, document.body["upload_id"])
    if content is None:
        raise ApiProblem(404, "The bytes of this document are gone.")
    return Response(content.bytes, content_type=content.content_type)
