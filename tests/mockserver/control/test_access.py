"""Who may use the control API: this machine, pages that were let in, and whoever has the token."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.control import Access
from mockserver.mock import Mock
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PREFIX, Control, account

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "a-token-for-tests"  # noqa: S105  of no real server
FRIEND, STRANGER = "https://app.example", "https://evil.example"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
ODD_METHODS = ["TRACE", "BREW", "PROPFIND"]
PATHS = ["/health", "/openapi.json", "/tenants/anna", "/journal/wait?count=0", "/events?count=0", "/nothing"]
EDGES = ["", "/", "//health", "//", "/docs", "/docs/x/y"]


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """A running mock that pages of a friend may use."""
    with Mock(allow_origins=[FRIEND]) as running:
        yield running


@pytest.fixture(scope="module")
def locked() -> Iterator[Mock]:
    """A running mock that demands a token, and that pages of a friend may use."""
    with Mock(token=TOKEN, allow_origins=[FRIEND]) as running:
        yield running


def status(mock: Mock, path: str, headers: dict[str, str], method: str = "GET") -> int:
    """Return the status of the answer to a request with *headers*, which may hold any Latin-1."""
    fields = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    url = f"{mock.url}{PREFIX}{path}"
    return httpx.request(method, url, headers=fields, trust_env=False, verify=NO_TLS, timeout=PATIENCE).status_code


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", "127.1", ""],  # noqa: S104
)
@pytest.mark.parametrize("path", PATHS)
def test_another_name_for_this_machine_is_refused(control: Control, host: str, path: str) -> None:
    """A page's own name may come to mean this machine (DNS rebinding); then the field ``Host`` gives it away."""
    field, message = control.refuse("GET", path, 421, headers={"Host": host})
    assert field == "Host"
    assert "localhost" in message


def test_a_rebound_page_is_of_its_own_origin_and_refused_all_the_same(control: Control) -> None:
    """To a browser the page and the server then have the same origin; the name still is another."""
    control.refuse("GET", "/health", 421, headers={"Host": "evil.example", "Origin": "http://evil.example"})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.:8080", "app.localhost", "127.0.0.1:1", "127.9.9.9", "[::1]"])
def test_names_of_this_machine_are_let_in(control: Control, host: str) -> None:
    """All that mean this machine to every browser."""
    assert control.ask("GET", "/health", headers={"Host": host}).status_code == 200


def test_the_providers_answer_to_any_name(mock: Mock) -> None:
    """Only the control API asks for the name: with a hosts entry the providers' own names work."""
    answer = httpx.get(
        f"{mock.url}/api/v2/account",
        auth=("anna", "x"),
        headers={"Host": "api.pixian.ai"},
        trust_env=False,
        verify=NO_TLS,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("origin", [STRANGER, "null", "", "http://localhost:1", f"{FRIEND}.evil.example"])
def test_pages_of_others_are_refused(control: Control, method: str, origin: str) -> None:
    """Whatever they ask for, nothing happens, and their browser is not told that they may see the answer."""
    control.tell("PATCH", "/tenants/anna", {"credits": "5"})
    answer = control.ask(method, "/tenants/anna", headers={"Origin": origin}, content=b'{"credits": "6"}')
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert control.tell("GET", "/tenants/anna")["credits"] == "5"


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_others_see_no_path(control: Control, path: str) -> None:
    """Not even whether there is anything; the sentence says how to let them in."""
    field, message = control.refuse("GET", path, 403, headers={"Origin": STRANGER})
    assert field == "Origin"
    assert "--allow-origin" in message


def test_the_preflight_of_others_allows_nothing(control: Control) -> None:
    """Their browser then sends no request at all."""
    answer = control.ask("OPTIONS", "/tenants/anna", headers=preflight(STRANGER))
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_pages_of_friends_are_let_in(control: Control, method: str) -> None:
    """The answer names them, and says that it would be another for others."""
    answer = control.ask(method, "/tenants/anna", headers={"Origin": FRIEND}, content=b'{"credits": "6"}')
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(("path", "code"), [("/nothing", 404), ("/seed", 405), ("/journal?x=1", 400)])
def test_pages_of_friends_see_refusals(control: Control, path: str, code: int) -> None:
    """Without the field their browser would hide what was wrong."""
    answer = control.ask("GET", path, headers={"Origin": FRIEND})
    assert answer.status_code == code
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND


@pytest.mark.parametrize("path", ["/tenants/anna", "/seed", "/clock/advance"])
def test_the_preflight_of_friends_allows_all_methods(control: Control, path: str) -> None:
    """With the fields that they need: one for JSON and one for the token."""
    answer = control.ask("OPTIONS", path, headers=preflight(FRIEND))
    assert answer.is_success
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == set(METHODS) - {"HEAD"}
    assert set(answer.headers["Access-Control-Allow-Headers"].split(", ")) == {"Authorization", "Content-Type"}


def test_the_preflight_of_friends_needs_no_token(locked: Mock) -> None:
    """A browser sends none with it."""
    answer = httpx.options(
        f"{locked.url}{PREFIX}/seed", headers=preflight(FRIEND), trust_env=False, verify=NO_TLS, timeout=PATIENCE
    )
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND


def test_the_servers_own_pages_are_let_in(mock: Mock, control: Control) -> None:
    """Those that came from this very scheme, host and port."""
    assert control.ask("POST", "/reset", headers={"Origin": mock.url}).status_code == 200
    control.refuse("POST", "/reset", 403, headers={"Origin": mock.url.replace("http:", "https:")})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer ÿ",
    ],
)
def test_without_the_right_token_nobody_gets_in(locked: Mock, path: str, header: str | None) -> None:
    """Missing or wrong, for every path, be there anything or not, and for the document too."""
    assert status(locked, path, {} if header is None else {"Authorization": header}) == 401


def test_the_refusal_says_what_to_send(locked: Mock) -> None:
    """It names the field, and not the token."""
    control = Control(locked)
    field, message = control.refuse("DELETE", "/journal", 401)
    control.close()
    assert field == "Authorization"
    assert "Authorization: Bearer TOKEN" in message
    assert TOKEN not in message


def test_the_refusal_names_the_ways_to_prove_oneself(locked: Mock) -> None:
    """A browser then asks for user name and password, and programs know the scheme (RFC 9110, section 11.6.1)."""
    control = Control(locked)
    answer = control.ask("GET", "/docs")
    control.close()
    assert answer.status_code == 401
    assert answer.headers.get_list("WWW-Authenticate") == [
        'Bearer realm="matteproof"',
        'Basic realm="matteproof", charset="UTF-8"',
    ]


def basic(text: str, encoding: str = "utf-8") -> str:
    """Return the field ``Authorization`` for *text*, a user name and a password with a colon between."""
    return f"Basic {b64encode(text.encode(encoding)).decode()}"


@pytest.mark.parametrize("user", ["", "me", "käthe"])
@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_the_token_is_a_password_too(locked: Mock, path: str, user: str) -> None:
    """With any user name, since that is what browsers can send."""
    assert status(locked, path, {"Authorization": basic(f"{user}:{TOKEN}")}) == 200


@pytest.mark.parametrize("text", [":", TOKEN, f"{TOKEN}:", f"me:{TOKEN}x", f"me:x:{TOKEN}", "me:wrong"])
def test_a_wrong_password_opens_nothing(locked: Mock, text: str) -> None:
    """The token counts behind the first colon only, and whole."""
    assert status(locked, "/health", {"Authorization": basic(text)}) == 401


@pytest.mark.parametrize("token", ["schlüssel", "ключ", "à", "鍵:a b"])
def test_a_token_may_hold_any_letters(token: str) -> None:
    """Sent as UTF-8, or as Latin-1 where that has them, in either scheme; another one is still refused."""
    with Mock(token=token) as mock:
        for encoding in ("utf-8", "latin-1"):
            try:
                sent = token.encode(encoding)
            except UnicodeEncodeError:
                continue
            assert status(mock, "/health", {"Authorization": f"Bearer {sent.decode('latin-1')}"}) == 200
            assert status(mock, "/health", {"Authorization": basic(f"me:{token}", encoding)}) == 200
        assert status(mock, "/health", {"Authorization": "Bearer schlössel"}) == 401
        assert status(mock, "/health", {"Authorization": f"Bearer {'?' * len(token)}"}) == 401


@pytest.mark.parametrize("method", ODD_METHODS)
@pytest.mark.parametrize("path", [*PATHS, *EDGES])
def test_odd_methods_pass_the_same_door(mock: Mock, locked: Mock, method: str, path: str) -> None:
    """Whatever comes below the control API's prefix is let in, or not, before anything else is said."""
    assert status(locked, path, {}, method) == 401
    assert status(mock, path, {"Host": "evil.example"}, method) == 421
    assert status(mock, path, {"Origin": STRANGER}, method) == 403


@pytest.mark.parametrize("path", EDGES)
def test_the_edges_of_the_prefix_are_the_control_apis_own(locked: Mock, control: Control, path: str) -> None:
    """With and without a slash at the end, or with two: they are answered here, and behind the same door."""
    assert status(locked, path, {}) == 401
    if path != "/docs":
        answer = httpx.get(f"{control.base}{path}", trust_env=False, verify=NO_TLS)
        assert answer.status_code == 404
        assert "openapi.json says what there is" in answer.json()["error"]["message"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_right_token_opens_the_door(locked: Mock, scheme: str) -> None:
    """From any host, for the token proves more than the name does."""
    control = Control(locked, {"Authorization": f"{scheme} {TOKEN}"})
    assert control.tell("GET", "/health")["status"] == "ok"
    assert control.ask("GET", "/openapi.json", headers={"Host": "mock.internal"}).status_code == 200
    control.refuse("GET", "/nothing", 404)
    control.close()


def test_a_token_does_not_let_strange_pages_in(locked: Mock) -> None:
    """A page of another origin is refused with it, too; one of a friend needs it."""
    token = {"Authorization": f"Bearer {TOKEN}"}
    assert status(locked, "/health", {**token, "Origin": STRANGER}) == 403
    assert status(locked, "/health", {**token, "Origin": FRIEND}) == 200
    assert status(locked, "/health", {"Origin": FRIEND}) == 401


def test_providers_need_no_token(locked: Mock) -> None:
    """It is for the control API alone."""
    assert account(locked, "anna").status_code == 200


def test_on_loopback_no_token_is_made_up() -> None:
    """Where only this machine can ask, nobody has to remember one."""
    assert not Mock().token
    assert not Mock(host="localhost").token


def test_beyond_loopback_a_token_is_made_up() -> None:
    """Another one for each server, long enough, and demanded; a token of one's own is kept."""
    host = "0.0.0.0"  # noqa: S104  that is the point
    assert Mock(host=host, token=TOKEN).token == TOKEN
    assert Mock(host=host).token != Mock(host=host).token
    with Mock(host=host) as mock:
        assert len(mock.token) >= 20
        origin = f"http://127.0.0.1:{mock.url.rpartition(':')[2]}"
        stranger, friend = (
            Control(mock, origin=origin),
            Control(mock, {"Authorization": f"Bearer {mock.token}"}, origin),
        )
        stranger.refuse("GET", "/health", 401)
        stranger.refuse("GET", "/openapi.json", 401)
        assert friend.tell("GET", "/health")["status"] == "ok"
        stranger.close()
        friend.close()


def preflight(origin: str) -> dict[str, str]:
    """Return what a browser sends before a page of *origin* may change something."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,content-type",
    }


@pytest.mark.parametrize(
    "text",
    ["rubbish", "*", "null", "", "localhost:3000", "http://", "http://a/", "http://a/b", "ftp://a", "http://a:70000"],
)
def test_what_is_no_origin_is_refused_at_once(text: str) -> None:
    """No page could ever have it; the sentence shows one."""
    with pytest.raises(ValueError, match="such as http://localhost:3000"):
        Access(origins=[text])


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("http://LocalHost:3000", "http://localhost:3000"),
        ("https://app.example:443", "https://app.example"),
        ("http://[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_an_origin_is_compared_as_browsers_write_it(text: str, sent: str) -> None:
    """In small letters, and without the port that goes without saying."""
    assert Access(origins=[text]).allows_origin(sent)


@pytest.mark.parametrize("name", ["nothing.css", "x" * 300, "..%5C..%5Csecret", "nul%00.css"])
def test_the_documents_have_no_other_files(control: Control, name: str) -> None:
    """Whatever is asked for, it is looked up among the names that there are."""
    answer = control.ask("GET", f"/docs/{name}")
    assert (answer.status_code, "has no file" in answer.text) == (404, True)
