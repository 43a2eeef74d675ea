"""Who asks the API, and what they may do (qatrack-api, "Authentication and urls")."""

from __future__ import annotations

from qcpump_qt.demo.payload import json_body
from qcpump_qt.demo.things import User
from qcpump_qt.demo.wire import Refusal, Request, Response, json_answer

NOT_PERMITTED = "You do not have permission to perform this action."


class Access:
    """Knows the users; the list may grow while it is used."""

    def __init__(self, users: list[User]) -> None:
        self._users = users

    def token(self, request: Request) -> Response:
        """The token for a name and a password."""
        given = json_body(request)
        for user in self._users:
            if user.password is not None and (user.name, user.password) == (
                given.get("username"),
                given.get("password"),
            ):
                return json_answer(200, {"token": user.token}, allow="POST, OPTIONS", vary="Cookie")
        content = {"non_field_errors": ["Unable to log in with provided credentials."]}
        return json_answer(400, content, allow="POST, OPTIONS", vary="Cookie")

    def user(self, request: Request) -> User | None:
        """Whose token the request has; None without one.

        Raises:
            Refusal: a token that does not work.
        """
        words = request.headers.get("authorization", "").split()
        if not words or words[0].lower() != "token":
            return None
        trouble = {
            1: "Invalid token header. No credentials provided.",
            2: "Invalid token.",
        }.get(len(words), "Invalid token header. Token string should not contain spaces.")
        if len(words) == 2:
            user = next((user for user in self._users if user.token == words[1]), None)
            if user is not None and user.active:
                return user
            if user is not None:
                trouble = "User inactive or deleted."
        raise Refusal(401, trouble, WWW_Authenticate="Token")

    @staticmethod
    def permit(user: User, method: str, *, sessions: bool) -> None:
        """Check the right to a method, on sessions or on anything else.

        Raises:
            Refusal: the right is missing.
        """
        needed = {
            "POST": user.may_add and sessions,
            "PATCH": user.may_change and sessions,
            "PUT": False,
            "DELETE": False,
        }
        if not (user.superuser or needed.get(method, True)):
            raise Refusal(403, NOT_PERMITTED)
