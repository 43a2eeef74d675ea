"""The stand-in's REST API: who may ask, which list is meant, and storing what is posted.

Behaves as the recordings of a real QATrack+ 3.1.1 show (qatrack-api).
"""

from __future__ import annotations

from typing import Any

from qcpump_qt.demo.access import Access
from qcpump_qt.demo.checks import Misfit, SessionCheck
from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.fields import FieldChecks, FieldErrors
from qcpump_qt.demo.filters import BadFilter, FilterCrash, chosen
from qcpump_qt.demo.paging import ordered, page
from qcpump_qt.demo.payload import json_body, new_numbers
from qcpump_qt.demo.resources import READ_ONLY, Resource, session_resource, world_resources
from qcpump_qt.demo.session_shapes import SessionShapes
from qcpump_qt.demo.sessions import KeyTaken, Session, SessionStore
from qcpump_qt.demo.shapes import Shapes
from qcpump_qt.demo.things import User
from qcpump_qt.demo.throttle import Throttle
from qcpump_qt.demo.values import Crash, number_text
from qcpump_qt.demo.wire import Refusal, Request, Response, error_page, json_answer
from qcpump_qt.demo.world import World

NO_CREDENTIALS = "Authentication credentials were not provided."
_SESSIONS = "qc/testlistinstances"
_ROOT = ("auth", "attachments", "contenttypes", "faults", "units", "qa", "servicelog", "schema")


class Api:
    """Answers requests below /api/."""

    def __init__(self, world: World, store: SessionStore, clock: ServerClock, throttle: Throttle) -> None:
        self._world = world
        self._access = Access(world.users)
        self._store = store
        self._clock = clock
        self._throttle = throttle
        self._resources: dict[str, Resource] = {
            **world_resources(world),
            _SESSIONS: session_resource(world, store, clock),
        }

    def answer(self, request: Request) -> Response:
        """The answer to a request whose path is below /api/ and ends in a slash."""
        parts = request.path.strip("/").split("/")[1:]
        if parts[:1] == ["qa"]:
            parts[0] = "qc"
        allow = self._allow(parts)
        if allow is None:
            return error_page(404)
        try:
            return self._route(request, parts, allow)
        except Refusal as refusal:
            return json_answer(refusal.status, {"detail": refusal.detail}, allow=allow, **refusal.headers)
        except BadFilter as error:
            return json_answer(400, error.errors, allow=allow)
        except (Crash, KeyTaken, FilterCrash):
            return error_page(500)

    def _allow(self, parts: list[str]) -> str | None:
        name = "/".join(parts[:2])
        if not parts:
            return "OPTIONS, GET"
        if parts == ["get-token"]:
            return "POST, OPTIONS"
        if parts in (["auth"], ["units"], ["qc"]):
            return READ_ONLY
        if name not in self._resources or len(parts) > 3:
            return None
        if name == _SESSIONS:
            return "GET, PATCH" if len(parts) == 3 else "GET, POST"
        return READ_ONLY

    def _route(self, request: Request, parts: list[str], allow: str) -> Response:
        if parts == ["get-token"]:
            return self._access.token(request)
        user = self._access.user(request)
        if len(parts) == 1:
            # These three tell their lists to anybody, also without a token (qatrack-api, auth_missing_token).
            return json_answer(200, self._menu(request, parts[0]), allow=allow)
        if user is None:
            raise Refusal(401, NO_CREDENTIALS, WWW_Authenticate="Token")
        if not parts:
            content = {name: f"{request.base}/api/{name}" for name in _ROOT}
            return json_answer(200, content, allow=allow)
        name = "/".join(parts[:2])
        self._access.permit(user, request.method, sessions=name == _SESSIONS)
        if name == _SESSIONS:
            self._throttled(user)
        if request.method not in allow.split(", "):
            raise Refusal(405, f'Method "{request.method}" not allowed.')
        return self._carry_out(request, user, name, parts[2:])

    def _carry_out(self, request: Request, user: User, name: str, number: list[str]) -> Response:
        if request.method == "POST":
            return self._post(request, user)
        if request.method == "PATCH":
            return self._patch(request, user, number[0])
        if request.method == "OPTIONS":
            return json_answer(200, _options(name), allow=READ_ONLY)
        if number:
            allow = "GET, PATCH" if name == _SESSIONS else READ_ONLY
            return self._detail(request, self._resources[name], number[0], allow)
        allow = "GET, POST" if name == _SESSIONS else READ_ONLY
        return self._list(request, self._resources[name], allow)

    def _menu(self, request: Request, part: str) -> dict[str, str]:
        if part == "auth":
            names = ["users", "groups"]
        else:
            names = [name.split("/")[1] for name in self._resources if name.startswith(part + "/")]
        return {name: f"{request.base}/api/{part}/{name}/" for name in names}

    def _throttled(self, user: User) -> None:
        wait = self._throttle.wait(user.name)
        if wait:
            text = f"Request was throttled. Expected available in {wait} second{'s' * (wait != 1)}."
            raise Refusal(429, text, Retry_After=str(wait))

    def _list(self, request: Request, resource: Resource, allow: str) -> Response:
        query = dict(request.query)
        items = None if resource.narrow is None else resource.narrow(query)
        if items is None:
            items = resource.items()
        items = chosen(items, request.query, resource.filters)
        items = ordered(items, query.get("ordering", ""), resource.ordering)
        part, frame = page(request, items, resource.limit)
        shapes = Shapes(request.base)
        frame["results"] = [resource.shape(shapes, item) for item in part]
        return json_answer(200, frame, allow=allow)

    @staticmethod
    def _detail(request: Request, resource: Resource, number: str, allow: str) -> Response:
        shape = resource.detail or resource.shape
        shapes = Shapes(request.base)
        for item in resource.items():
            content = shape(shapes, item)
            if content["url"].rstrip("/").rpartition("/")[2] == number:
                return json_answer(200, content, allow=allow)
        raise Refusal(404, "Not found.")

    def _post(self, request: Request, user: User) -> Response:
        payload = json_body(request)
        try:
            fields = FieldChecks(self._world, self._store, self._clock).check(payload)
            check = SessionCheck(fields, self._clock, self._store.new_file_id)
            session = self._store.add(check.session(user.id))
        except FieldErrors as errors:
            return json_answer(400, errors.errors, allow="GET, POST")
        except Misfit as error:
            return json_answer(400, {"non_field_errors": [str(error)]}, allow="GET, POST")
        content = SessionShapes(Shapes(request.base)).answered(session)
        return json_answer(201, content, allow="GET, POST", Location=content["url"])

    def _patch(self, request: Request, user: User, number: str) -> Response:
        session = self._store.get(int(number)) if number.isascii() and number.isdigit() else None
        if session is None:
            raise Refusal(404, "Not found.")
        numbers = new_numbers(json_body(request))

        def mend(stored: Session) -> None:
            for result in stored.results:
                if result.slug in numbers:
                    result.value = numbers[result.slug]
                    result.display = number_text(result.value)
            stored.modified, stored.modified_by_id = self._clock.show(self._clock.now()), user.id

        session = self._store.change(session.id, mend)
        content = SessionShapes(Shapes(request.base)).answered(session)
        return json_answer(200, content, allow="GET, PATCH")


def _options(name: str) -> dict[str, Any]:
    titles = {
        "qc/unittestcollections": "Unit Test Collection List",
        "qc/testlists": "Test List List",
        "units/units": "Unit List",
        "units/sites": "Site List",
    }
    parses = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
    return {
        "name": titles.get(name, name),
        "description": "",
        "renders": ["application/json", "text/html"],
        "parses": parses,
    }
