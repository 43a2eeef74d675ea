"""The stand-in's REST API: who may ask, which list is meant, and storing what is posted.

Behaves as the recordings of a real QATrack+ 3.1.1 show (qatrack-api).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from qcpump_qt.demo.checks import Misfit, SessionCheck
from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.fields import FieldChecks, FieldErrors
from qcpump_qt.demo.filters import BadFilter, FilterCrash, chosen
from qcpump_qt.demo.paging import ordered, page
from qcpump_qt.demo.resources import READ_ONLY, Resource, session_resource, world_resources
from qcpump_qt.demo.session_shapes import SessionShapes
from qcpump_qt.demo.sessions import KeyTaken, Result, Session, SessionStore
from qcpump_qt.demo.shapes import Shapes
from qcpump_qt.demo.things import User
from qcpump_qt.demo.throttle import Throttle
from qcpump_qt.demo.values import Crash
from qcpump_qt.demo.wire import Request, Response, error_page, json_answer
from qcpump_qt.demo.world import World

NO_CREDENTIALS = "Authentication credentials were not provided."
NOT_PERMITTED = "You do not have permission to perform this action."
_SESSIONS = "qc/testlistinstances"
_ROOT = ("auth", "attachments", "contenttypes", "faults", "units", "qa", "servicelog", "schema")


class Refusal(Exception):  # noqa: N818 - carries the answer
    """The request is answered without being looked at any further."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class Api:
    """Answers requests below /api/."""

    def __init__(self, world: World, store: SessionStore, clock: ServerClock, throttle: Throttle) -> None:
        self._world = world
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
            return self._token(request)
        user = self._user(request)
        if len(parts) == 1:
            # These three tell their lists to anybody, also without a token (qatrack-api, auth_missing_token).
            return json_answer(200, self._menu(request, parts[0]), allow=allow)
        if user is None:
            raise Refusal(401, NO_CREDENTIALS, WWW_Authenticate="Token")
        if not parts:
            content = {name: f"{request.base}/api/{name}" for name in _ROOT}
            return json_answer(200, content, allow=allow)
        name = "/".join(parts[:2])
        self._permit(user, request.method, sessions=name == _SESSIONS)
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

    def _token(self, request: Request) -> Response:
        given = _json_body(request)
        for user in self._world.users:
            if user.password is not None and (user.name, user.password) == (
                given.get("username"),
                given.get("password"),
            ):
                return json_answer(200, {"token": user.token}, allow="POST, OPTIONS", vary="Cookie")
        content = {"non_field_errors": ["Unable to log in with provided credentials."]}
        return json_answer(400, content, allow="POST, OPTIONS", vary="Cookie")

    def _user(self, request: Request) -> User | None:
        words = request.headers.get("authorization", "").split()
        if not words or words[0].lower() != "token":
            return None
        trouble = {
            1: "Invalid token header. No credentials provided.",
            2: "Invalid token.",
        }.get(len(words), "Invalid token header. Token string should not contain spaces.")
        if len(words) == 2:
            user = next((user for user in self._world.users if user.token == words[1]), None)
            if user is not None and user.active:
                return user
            if user is not None:
                trouble = "User inactive or deleted."
        raise Refusal(401, trouble, WWW_Authenticate="Token")

    @staticmethod
    def _permit(user: User, method: str, *, sessions: bool) -> None:
        needed = {
            "POST": user.may_add and sessions,
            "PATCH": user.may_change and sessions,
            "PUT": False,
            "DELETE": False,
        }
        if not (user.superuser or needed.get(method, True)):
            raise Refusal(403, NOT_PERMITTED)

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
        payload = _json_body(request)
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
        payload = _json_body(request)

        def mend(stored: Session) -> None:
            for result in stored.results:
                _mend_result(result, payload.get("tests", {}).get(result.slug, {}))
            stored.modified, stored.modified_by_id = self._clock.show(self._clock.now()), user.id

        session = self._store.change(session.id, mend)
        content = SessionShapes(Shapes(request.base)).answered(session)
        return json_answer(200, content, allow="GET, PATCH")


def _mend_result(result: Result, given: Mapping[str, Any]) -> None:
    if isinstance(given.get("value"), (int, float)):
        result.value = float(given["value"])
        result.display = f"{result.value:.6g}"


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


def _json_body(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if not request.body:
        return {}
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    if kind != "application/json":
        raise Refusal(415, f'Unsupported media type "{kind}" in request.')
    try:
        payload = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        raise Refusal(400, f"JSON parse error - {error}") from error
    if not isinstance(payload, dict):
        raise Crash("the body is no JSON object")
    return payload


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: '{name}'")
