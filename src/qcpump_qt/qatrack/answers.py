"""What an answer means: stored, already there, a complaint about the record, or trouble with the server.

Pure functions from an `Answer` to a result or an error in words; they follow qatrack-api, section
Contract. Only 201 means stored: a redirected POST ends as 200 with a list, and a login page is 200 too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from qcpump_qt.engine.errors import MissingTests, PumpError, RecordRejected, ServerRefused, ServerUnavailable
from qcpump_qt.engine.records import Stored
from qcpump_qt.qatrack.answer import Answer
from qcpump_qt.qatrack.complaints import in_words, key_exists, missing_tests

_TOKEN_WORDS = {
    "Invalid token.": "The server does not know the API token. Enter the token that QATrack+ shows for the user.",
    "User inactive or deleted.": "The user that the API token belongs to is inactive or deleted in QATrack+. "
    "Ask the administrator to activate the user, or enter another user's token.",
    "Authentication credentials were not provided.": "The server got no API token, although one was sent: "
    "something on the way (a proxy, or the web server before QATrack+) takes the Authorization header away. "
    "Ask IT to let it pass.",
}


def read_post(answer: Answer, key: str = "") -> Stored | None:
    """What became of a posted session.

    Args:
        answer: the answer to the POST.
        key: the session's `user_key`, to be named in errors.

    Returns:
        the session, or None when its `user_key` exists on the server already.

    Raises:
        MissingTests, RecordRejected, ServerRefused, ServerUnavailable: as `Destination.post` says.
    """
    if answer.status == 201:
        return _stored(answer)
    if answer.status == 400 and not answer.is_html:
        if key_exists(answer.json()):
            return None
        raise _complaint(answer, key)
    if answer.status == 413:
        raise RecordRejected(
            "The record is larger than the web server before QATrack+ lets through (413). Ask IT to raise its "
            "limit for request bodies (client_max_body_size in nginx), then send it again.",
            answer=answer.kept(),
            status=413,
            subject=key,
        )
    raise trouble(answer)


def read_json(answer: Answer, what: str) -> Any:
    """The JSON of a question's answer.

    Args:
        answer: the answer to the GET.
        what: what was asked for, such as "the list of units".

    Raises:
        ServerRefused, ServerUnavailable: it is no such answer, in words.
    """
    if answer.status != 200:
        raise trouble(answer)
    decoded = answer.json()
    if decoded is None:
        raise _not_qatrack(answer, f"the question for {what}")
    return decoded


def trouble(answer: Answer) -> PumpError:
    """The error that stands for any answer which is neither 201 to a POST nor 200 to a GET."""
    if answer.status == 429:
        return _throttled(answer)
    if 300 <= answer.status < 400:
        return _redirected(answer)
    if answer.status >= 500 or answer.status in (408, 425):
        return _server_error(answer)
    explain = _REFUSALS.get(answer.status)
    if explain is not None:
        return explain(answer)
    if answer.status < 300:
        return _not_qatrack(answer, "the request")
    return _refused(answer, f"The server refused the request ({answer.status}).{answer.said()}")


def _stored(answer: Answer) -> Stored:
    decoded = answer.json()
    if not isinstance(decoded, dict) or not isinstance(decoded.get("url"), str):
        raise ServerUnavailable(
            f"The server said 201 (stored), but not with a session.{answer.said()} "
            "It is asked for the session before anything is sent again.",
            title="Unclear answer",
            reached=True,
            status=201,
        )
    return stored_from(decoded)


def stored_from(item: dict[str, Any]) -> Stored:
    """A session as the server describes it."""
    return Stored(url=str(item["url"]), site_url=str(item.get("site_url") or ""), answer=item)


def _complaint(answer: Answer, key: str) -> PumpError:
    said = answer.json()
    if said is None:
        return _refused(answer, f"The server did not understand the request (400).{answer.said()}")
    slugs, alone = missing_tests(said)
    words = in_words(said) or "The server refused the record without saying why."
    if slugs:
        return MissingTests(
            words, slugs=slugs, alone=alone, answer=answer.kept(), status=answer.status, subject=key
        )
    return RecordRejected(words, answer=answer.kept(), status=answer.status, subject=key)


def _throttled(answer: Answer) -> ServerUnavailable:
    seconds = answer.retry_after()
    pause = "" if seconds is None else f" and asks for a pause of {seconds:.0f} seconds"
    return ServerUnavailable(
        f"The server got too many requests from this user{pause} (429). The rest is sent after that.",
        title="Server asks for a pause",
        retry_after=seconds,
        reached=True,
        status=429,
    )


def _server_error(answer: Answer) -> ServerUnavailable:
    return ServerUnavailable(
        f"The server had an error of its own ({answer.status}).{answer.said()} It is tried again later; if it "
        "goes on, show this to the QATrack+ administrator, whose log tells the reason.",
        title="Server has an error",
        retry_after=answer.retry_after(),
        reached=True,
        status=answer.status,
    )


def _redirected(answer: Answer) -> PumpError:
    """A redirect is never followed, because a redirected POST becomes a GET and stores nothing."""
    if answer.status == 307:
        return ServerUnavailable(
            "The server kept on sending the request back (307), also when it was repeated. It is tried later.",
            title="Server sends requests back",
            reached=True,
            status=307,
        )
    target = urlsplit(urljoin(answer.url, answer.headers.get("location", "")))
    asked = urlsplit(answer.url)
    where = f"{target.scheme}://{target.netloc}{target.path}"
    if "login" in target.path:
        return _address_wrong(
            f"The server leads to its login page ({where}). The API address has to end with /api, as in "
            "https://qatrack.clinic.org/api."
        )
    if target.hostname == asked.hostname and target.scheme != asked.scheme:
        return _address_wrong(
            f"The server wants {target.scheme}:// for this address. Let the API address begin with it."
        )
    if target.path.rstrip("/") == asked.path.rstrip("/") and target.netloc == asked.netloc:
        return _address_wrong(
            "The server wants this address with or without a slash at its end; something between here and "
            "QATrack+ changes addresses. Ask IT to pass them on as they are."
        )
    return _address_wrong(f"The server leads elsewhere ({where}). Give the address that it leads to.")


def _not_qatrack(answer: Answer, what: str) -> ServerRefused:
    return ServerRefused(
        f"Something else than QATrack+ answered {what} ({answer.status}): a login page, a proxy, or another "
        f"program.{answer.said()} Nothing was stored. Open the API address in a web browser on this computer "
        "and see what is there.",
        title="Not an answer of QATrack+",
        subject=answer.url,
    )


def _address_wrong(message: str) -> ServerRefused:
    return ServerRefused(message, title="API address wrong")


def _refused(answer: Answer, message: str, title: str | None = None) -> ServerRefused:
    return ServerRefused(message, title=title, subject=answer.url)


def _bad_request(answer: Answer) -> ServerRefused:
    if re.search(r"plain HTTP request", answer.excerpt(), re.IGNORECASE):
        return _address_wrong("The server speaks TLS on this port. Let the API address begin with https://.")
    if answer.is_html:
        host = urlsplit(answer.url).hostname
        return _refused(
            answer,
            f"The web server refused the request (400).{answer.said()} Most likely it does not go by the name "
            f"{host}: use the name that people use in their browsers, or ask the administrator to add it to "
            "ALLOWED_HOSTS.",
            "API address wrong",
        )
    words = in_words(answer.json())
    return _refused(answer, f"The server did not understand the question (400). {words}".strip())


def _unauthorised(answer: Answer) -> ServerRefused:
    words = _TOKEN_WORDS.get(answer.detail()) or (
        f"The server wants other credentials than the API token (401).{answer.said()} Check the token and the "
        "API address."
    )
    return _refused(answer, words, "API token refused")


def _forbidden(answer: Answer) -> ServerRefused:
    if answer.is_html or not answer.detail():
        return _refused(
            answer,
            f"Something before QATrack+ forbids the request (403).{answer.said()} Ask IT to let this computer pass.",
        )
    return _refused(
        answer,
        f"The user of this API token may not do this in QATrack+ (403).{answer.said()} Ask the administrator for "
        "the right to perform QA: “Can add test list instance”.",
        "API user lacks a right",
    )


def _not_found(answer: Answer) -> ServerRefused:
    return _address_wrong(
        f"There is no QATrack+ API at {answer.url} (404). Check the API address; it ends with /api."
    )


def _not_allowed(answer: Answer) -> ServerRefused:
    return _address_wrong(
        f"{answer.url} does not take this kind of request (405), so it is not the API of QATrack+. "
        "Check the API address; it ends with /api."
    )


def _wrong_kind(answer: Answer) -> ServerRefused:
    return _refused(
        answer,
        f"The server says that the request is no JSON (415).{answer.said()} Something on the way takes the "
        "Content-Type header away. Ask IT to let it pass.",
    )


def _proxy_wants_login(answer: Answer) -> ServerRefused:
    return _refused(
        answer,
        "The proxy wants a user name and password (407). Give them in the proxy's address, like "
        "http://user:password@proxy:8080, or ask IT for a way around the proxy.",
        "Proxy wants a login",
    )


_REFUSALS: dict[int, Callable[[Answer], ServerRefused]] = {
    400: _bad_request,
    401: _unauthorised,
    403: _forbidden,
    404: _not_found,
    405: _not_allowed,
    407: _proxy_wants_login,
    415: _wrong_kind,
}
