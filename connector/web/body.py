"""The raw bytes of a request, never cut short unnoticed."""

from flask import Request

from connector.intake import MOST_BYTES, too_large


def read_body(request: Request) -> bytes:
    """The whole body, with or without a stated length.

    One byte beyond the limit is read, since a limit set on the framework cuts a chunked body
    silently. Raises Refused (413) over the limit; a body shorter than stated is a 400.
    """
    if (request.content_length or 0) > MOST_BYTES:
        raise too_large()
    body = bytearray()
    while len(body) <= MOST_BYTES:
        piece = request.stream.read(MOST_BYTES + 1 - len(body))
        if not piece:
            return bytes(body)
        body += piece
    raise too_large()
