"""Requests to one host: signed in, at its pace, over its wire."""

from collections.abc import Mapping

import requests

from connector.host.answers import check
from connector.host.pace import Pace
from connector.host.setting_up import wired
from connector.host.sign_in import sign_in
from connector.host.trying import thrice
from connector.host.wire import Answer
from connector.mapping.outbound import Outbound
from connector.mapping.outbound_calls import Call


class Session:
    """Sends what was drafted; may be used by several threads at once."""

    def __init__(self, outbound: Outbound, secrets: Mapping[str, str]) -> None:
        self._wire = wired(outbound, secrets)
        self._sign_in = sign_in(outbound.auth, secrets, self._wire)
        self._pace = Pace(outbound.rate)

    def ask(
        self, request: requests.PreparedRequest, call: Call, absent: frozenset[int] = frozenset()
    ) -> Answer:
        """A safe read: three short tries, since it changes nothing. `absent` codes are good."""

        def once() -> Answer:
            answer = self.send(request)
            if answer.status not in absent:
                check(answer, call)
            return answer

        return thrice(once)

    def send(self, request: requests.PreparedRequest) -> Answer:
        """Sign in and send; once more after a 401 where the token can be renewed."""
        headers = self._sign_in.headers()
        answer = self._send(request, headers)
        if answer.status == 401 and self._sign_in.renew(headers):
            answer = self._send(request, self._sign_in.headers())
        return answer

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()

    def _send(self, request: requests.PreparedRequest, headers: Mapping[str, str]) -> Answer:
        signed = request.copy()
        signed.headers.update(headers)
        with self._pace.turn():
            return self._wire.exchange(signed)
