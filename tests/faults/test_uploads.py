"""A document that travels in two steps: uploaded first, then put onto the record (E8)."""

from typing import Any

import pytest
from fault_stage import Running, Stage
from live_forms import assessment

IN_TWO_STEPS = {
    """    create:
      method: POST
      path: /people/{{ person_id }}/documents
      kind: multipart
      file_part: file
      fields:
        reference: "{{ reference }}"
        name: "{{ name }}"
        category: "{{ settings.category }}"
""": """    steps:
      - {name: upload, method: POST, path: /uploads, kind: binary, success: [201], id: {body: id}}
    create:
      method: POST
      path: /people/{{ person_id }}/documents
      body:
        reference: "{{ reference }}"
        name: "{{ name }}"
        upload: "{{ steps.upload.id }}"
"""
}
pytestmark = pytest.mark.parametrize("stage", [IN_TWO_STEPS], indirect=True, ids=["two steps"])


def document(running: Running) -> dict[str, Any]:
    return next(each for each in running.effects() if each["kind"] == "document")


@pytest.mark.faults("E8", "I2", "I3")
@pytest.mark.parametrize(
    ("upload", "link", "uploads"),
    [
        ("", "", 1),
        ("work then 500", "", 2),
        ("503 without work", "", 1),
        ("work then reset", "", 2),
        ("", "work then 500", 1),
        ("", "work then reset", 1),
        ("", "reset without work", 2),
    ],
)
def test_wherever_it_breaks_one_document_is_on_the_record(
    upload: str, link: str, uploads: int, stage: Stage, running: Running
) -> None:
    stage.script.writes.extend(["", "", upload, link])
    running.take(assessment(), "d1")
    running.until_rest()
    (held,) = stage.held("document")
    assert document(running)["state"].value == "confirmed"
    assert (stage.host.uploads, held["upload"]) == (uploads, f"upload-{uploads}")


@pytest.mark.faults("E8", "I3", "I6")
def test_one_that_is_too_large_to_upload_is_parked_and_nothing_stands_on_the_record(
    stage: Stage, running: Running
) -> None:
    stage.script.writes.extend(["", "", "413"])
    running.take(assessment(), "d1")
    running.until_rest()
    assert document(running)["state"].value == "parked"
    assert "IT raises its limit" in document(running)["reason"]
    assert stage.held("document") == []
