"""The journal by itself: bounded in number and bytes, cleared by tenant, waited for and followed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from queue import Empty, Queue
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from contracts.clock import Clock, stopwatch, system_time
from contracts.model import Ending, Headers, Operation, Request, Response
from mockserver.imaging import thumbnail
from mockserver.journal import Body, Entry, Filter, Journal
from pictures import decoded, disc, encoded
from serving import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START = 1_704_067_200.0
PATIENCE = 20.0
UPLOAD = Operation("api", "upload", "POST", "/upload")
EVERYTHING = Filter()
HEAD = 189
"""Bytes of an exchange without its bodies: a path of 7, a header field of 22, and 160 for the objects that hold it."""
SAME_HEAD = 15
"""The same where an earlier exchange had that field: it is there once, and takes 8 bytes more."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock(frozen=True, now=START)


@pytest.fixture
def journal(clock: Clock) -> Iterator[Journal]:
    """A journal of five exchanges and a hundred thousand bytes."""
    journal = Journal(clock, max_entries=5, max_bytes=100_000)
    yield journal
    journal.close()


def begun(journal: Journal, body: bytes = b"", tenant: str = "me", operation: Operation = UPLOAD) -> Entry:
    """Return a new exchange of *tenant*."""
    entry = journal.begin(Request("POST", "/upload", body=body), operation, START, 1)
    entry.tenant = tenant
    return entry


def ended(journal: Journal, body: bytes = b"", tenant: str = "me", status: int = 200, answer: bytes = b"") -> Entry:
    """Return a new exchange of *tenant* that has ended."""
    entry = begun(journal, body, tenant)
    entry.response = Response(status, Headers((("Content-Type", "text/plain"),)))
    entry.response_body = Body.of(answer)
    journal.end(entry, Ending.DONE)
    return entry


def is_whole(entry: Entry) -> bool:
    """Tell whether both bodies are held."""
    return all(body is None or body.data is not None for body in (entry.request_body, entry.response_body))


def test_the_oldest_exchanges_are_forgotten_first(journal: Journal) -> None:
    """Only so many are remembered, in the order of their numbers, which go on."""
    for _ in range(8):
        ended(journal)
    assert [entry.number for entry in journal.find()] == [3, 4, 5, 6, 7]
    assert journal.get(2) is None
    assert journal.get(3) is not None


def test_the_oldest_bodies_go_first_and_their_marks_remain(journal: Journal) -> None:
    """Beyond so many bytes an exchange keeps size and hash of its bodies, and the newest keep all."""
    entries = [ended(journal, bytes([number]) * 30_000, answer=b"a" * 10_000) for number in range(4)]
    assert [is_whole(entry) for entry in journal.find()] == [False, False, True, True]
    old = entries[0]
    assert old.request_body.data is None
    assert old.request_body.size == 30_000
    assert old.request_body.sha256 == hashlib.sha256(bytes(30_000)).hexdigest()
    assert old.response_body is not None
    assert (old.response_body.size, old.response_body.data) == (10_000, None)
    assert old.response_body.sha256 == hashlib.sha256(b"a" * 10_000).hexdigest()
    assert journal.size == 80_000 + HEAD + 3 * SAME_HEAD


def test_one_body_over_the_bound_is_let_go_at_once(journal: Journal) -> None:
    """What alone is too large is not held at all."""
    entry = ended(journal, bytes(200_000))
    assert not is_whole(entry)
    assert entry.request_body.size == 200_000
    assert journal.size == HEAD


def test_many_uploads_take_no_more_bytes_than_allowed(clock: Clock) -> None:
    """However many there are, the bytes held stay within the bound, and so does the number of exchanges."""
    journal = Journal(clock, max_entries=50, max_bytes=50_000)
    for number in range(2000):
        ended(journal, b"%d" % number * 1000)
        assert journal.size <= 50_000
    found = journal.find()
    assert len(found) == 50
    assert sum(entry.weight for entry in found) == journal.size
    journal.close()


@pytest.mark.parametrize("where", ["header fields", "parameters", "path", "reasons"])
def test_what_is_kept_without_bodies_takes_no_more_bytes_than_allowed(clock: Clock, where: str) -> None:
    """Header fields and parameters count too, empty ones as well; the oldest exchanges are then forgotten."""
    journal = Journal(clock, max_entries=10_000, max_bytes=200_000)
    many = {f"{number}": "" if where == "parameters" else "x" * 50 for number in range(50)}
    for exchange in range(500):
        different = tuple((name, f"{value}{exchange:04}") for name, value in many.items())
        fields = Headers(different) if where == "header fields" else Headers()
        path = "/" + "x" * 10_000 if where == "path" else "/upload"
        entry = journal.begin(Request("POST", path, headers=fields, body=b"x" * 90_000), UPLOAD, START, 1)
        if where == "parameters":
            entry.outline = lambda _: many
        if where == "reasons":
            entry.add("answer", "x" * 10_000)
        journal.end(entry, Ending.DONE)
        assert journal.size <= 200_000
    found = journal.find()
    assert sum(entry.weight for entry in found) == journal.size
    assert is_whole(found[-1])
    assert 5 < len(found) < 50
    assert [entry.number for entry in found] == list(range(500 - len(found), 500))
    journal.close()


def test_parameters_are_read_once_and_counted(journal: Journal) -> None:
    """Those that are read after the end are kept, and make the exchange heavier; what is too much then has to go."""
    asked: list[Request] = []

    def outline(request: Request) -> Mapping[str, str]:
        asked.append(request)
        return {"name": "x" * 60_000}

    first, second = (begun(journal, bytes(100)) for _ in range(2))
    for entry in (first, second):
        entry.outline = outline
        journal.end(entry, Ending.DONE)
    light = journal.size
    assert [first.parameters, first.parameters] == [{"name": "x" * 60_000}] * 2
    assert len(asked) == 1
    assert light + 60_000 < journal.size == first.weight + second.weight
    assert second.parameters
    assert not is_whole(first)
    assert journal.size <= 100_000


def test_fields_that_come_again_are_held_once(clock: Clock) -> None:
    """A client sends the same fields with every request; they are counted with the first, however many there are."""
    journal = Journal(clock)
    fields = [[("User-Agent", "Mozilla/5.0 " + "x" * 80), ("Number", str(number))] for number in range(3)]
    entries = [
        journal.begin(Request("POST", "/upload", headers=Headers.of(pairs)), UPLOAD, START, 1) for pairs in fields
    ]
    for entry in entries:
        entry.response = Response(200, Headers((("Content-Type", "text/" + "plain"),)))
        journal.end(entry, Ending.DONE)
    first, *others = entries
    assert all(one.request.headers.pairs[0] is first.request.headers.pairs[0] for one in others)
    assert [list(one.request.headers) for one in entries] == fields
    assert all(first.weight - one.weight > 400 for one in others)
    assert journal.size == sum(one.weight for one in entries)
    journal.close()


def test_a_field_that_is_long_is_held_by_each(clock: Clock) -> None:
    """What is remembered beside the exchanges stays small."""
    journal = Journal(clock)
    fields = Headers((("Field", "x" * 10_000),))
    entries = [journal.begin(Request("POST", "/upload", headers=fields), UPLOAD, START, 1) for _ in range(2)]
    assert [one.weight > 10_000 for one in entries] == [True, True]
    journal.close()


def test_parameters_are_read_before_the_body_goes(journal: Journal) -> None:
    """What the request asked for is told from what is left, too."""

    def outline(request: Request) -> Mapping[str, str]:
        return {"length": str(len(request.body))}

    first = begun(journal, bytes(80_000))
    first.outline = outline
    journal.end(first, Ending.DONE)
    assert is_whole(first)
    ended(journal, bytes(80_000))
    assert not is_whole(first)
    assert first.parameters == {"length": "80000"}


def test_a_picture_leaves_a_thumbnail(clock: Clock) -> None:
    """Of the picture in the request, and of that in the answer, a small JPEG is left."""
    journal = Journal(clock, max_bytes=15_000)
    sent, returned = (encoded(disc((400, 300), (100, 100, 300, 200)), form) for form in ("PNG", "JPEG"))
    entry = begun(journal, b"head" * 10_000 + sent)
    entry.picture = sent
    entry.response = Response(200, Headers((("Content-Type", "image/jpeg"),)))
    entry.response_body = Body.of(returned)
    journal.end(entry, Ending.DONE)
    until(lambda: not is_whole(entry))
    journal.close()
    for body in (entry.request_body, entry.response_body):
        small = decoded(body.thumbnail)
        assert small.format == "JPEG"
        assert max(small.size) == 96
    assert entry.weight == journal.size
    assert 0 < entry.weight - len(entry.request_body.thumbnail) - len(entry.response_body.thumbnail) < 200


@pytest.mark.parametrize(("size", "shown"), [((400, 300), (96, 72)), ((30, 20), (30, 20)), ((6000, 6000), None)])
def test_a_bmp_leaves_a_thumbnail_too(size: tuple[int, int], shown: tuple[int, int] | None) -> None:
    """Unless it has more pixels than any picture that is worked on; then none of them is decoded."""
    picture = BytesIO()
    Image.new("1", size, 1).save(picture, "BMP")
    small = thumbnail(picture.getvalue())
    assert (decoded(small).size if small else None) == shown


@pytest.mark.parametrize("rest", [b"", b"x" * 100, bytes(100), b"\xff" * 100])
def test_what_only_begins_like_a_bmp_leaves_no_thumbnail(rest: bytes) -> None:
    """Whatever the decoder stumbles over."""
    assert thumbnail(b"BM" + rest) == b""


def test_thumbnails_go_before_exchanges(clock: Clock) -> None:
    """Where what is left of exchanges is too much, the oldest lose their thumbnails, and none is forgotten for them."""
    journal = Journal(clock, max_bytes=30_000)
    pictures = [encoded(disc((200 + number, 150), (50, 50, 100, 100))) for number in range(20)]
    entries = []
    for picture in pictures:
        entry = begun(journal, bytes(20_000))
        entry.picture = picture
        journal.end(entry, Ending.DONE)
        entries.append(entry)
        until(lambda: not is_whole(entries[-1]) or journal.size <= 30_000)
    until(lambda: not any(is_whole(one) for one in entries[:-1]))
    assert len(journal.find()) == 20
    shown = [bool(one.request_body.thumbnail) for one in entries[:-1]]
    assert not shown[0]
    assert any(shown)
    journal.close()
    assert journal.size == sum(one.weight for one in entries) <= 30_000


def test_what_only_claims_to_be_a_picture_leaves_none(clock: Clock) -> None:
    """Text under the type of a picture is let go without one, and the next picture still gets its own."""
    journal = Journal(clock, max_bytes=12_000)
    entries = []
    for data in (b"no picture", encoded(disc())):
        entry = begun(journal, bytes(12_000))
        entry.response = Response(200, Headers((("Content-Type", "image/png"),)))
        entry.response_body = Body.of(data)
        journal.end(entry, Ending.DONE)
        entries.append(entry)
    until(lambda: all(not is_whole(entry) for entry in entries))
    found = [entry.response_body.thumbnail for entry in entries if entry.response_body]
    assert found[0] == b""
    assert decoded(found[1]).format == "JPEG"
    journal.close()


def test_an_exchange_under_way_keeps_its_bodies(journal: Journal) -> None:
    """Bytes count from the end of an exchange on."""
    open_ = begun(journal, bytes(90_000))
    ended(journal, bytes(90_000))
    assert is_whole(open_)
    assert journal.size == 90_000 + HEAD
    journal.end(open_, Ending.DONE)
    assert is_whole(open_)
    assert journal.size == 90_000 + HEAD + len("/upload")


def test_one_tenants_exchanges_can_be_cleared(journal: Journal) -> None:
    """Those of others stay, with their bodies and bytes."""
    for tenant in ("anna", "berta", "anna"):
        ended(journal, bytes(100), tenant)
    journal.clear("anna")
    assert [entry.tenant for entry in journal.find()] == ["berta"]
    assert journal.size == 100 + SAME_HEAD
    journal.clear()
    assert journal.find() == []
    assert journal.size == 0


def test_an_exchange_that_ends_after_the_journal_was_cleared_weighs_nothing(journal: Journal) -> None:
    """It does not come back, and holds no bytes for long."""
    entry = begun(journal, bytes(500))
    journal.clear()
    journal.end(entry, Ending.DONE)
    assert journal.find() == []
    ended(journal, bytes(10))
    assert journal.size == 10 + HEAD


def test_exchanges_are_found_by_tenant_operation_and_status(journal: Journal) -> None:
    """All that is given has to agree."""
    ended(journal, tenant="anna")
    ended(journal, tenant="anna", status=429)
    ended(journal, tenant="berta", status=429)
    begun(journal, tenant="anna", operation=Operation("api", "look", "GET", "/look"))

    def numbers(wanted: Filter) -> list[int]:
        return [entry.number for entry in journal.find(wanted)]

    assert numbers(Filter(tenant="anna")) == [0, 1, 3]
    assert numbers(Filter(status=429)) == [1, 2]
    assert numbers(Filter(operation="look")) == [3]
    assert numbers(Filter("anna", "upload", 429)) == [1]
    assert numbers(Filter(tenant="caesar")) == []


def test_waiting_ends_with_the_last_exchange_that_is_wanted(journal: Journal) -> None:
    """Only exchanges that have ended, and that fit, count."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(journal.wait, Filter(tenant="anna"), 2, PATIENCE)
        open_ = begun(journal, tenant="anna")
        ended(journal, tenant="anna")
        ended(journal, tenant="berta")
        Event().wait(0.05)
        assert not waiting.done()
        journal.end(open_, Ending.DONE)
        assert [entry.number for entry in waiting.result(PATIENCE)] == [0, 1]


def test_waiting_ends_after_its_time_with_what_there_is(journal: Journal) -> None:
    """The time is real, also while the server's clock stands still."""
    ended(journal)
    began = stopwatch()
    assert len(journal.wait(EVERYTHING, 2, 0.1)) == 1
    assert 0.1 <= stopwatch() - began < 5


def test_waiting_for_what_has_happened_takes_no_time(journal: Journal) -> None:
    """Exchanges of the past count, and waiting for none ends at once."""
    began = stopwatch()
    assert journal.wait(EVERYTHING, 0, PATIENCE) == []
    ended(journal)
    assert len(journal.wait(EVERYTHING, 1, PATIENCE)) == 1
    assert stopwatch() - began < 5


def test_followers_see_every_exchange_that_ends(journal: Journal) -> None:
    """Each follower has a queue of its own, from when it begins until it leaves."""
    ended(journal)
    queues: list[Queue[Entry]] = []
    followers = [journal.follow() for _ in range(2)]
    queues.extend(next(follower) for follower in followers)
    open_ = begun(journal)
    ended(journal)
    journal.end(open_, Ending.GONE)
    for queue in queues:
        assert [queue.get(timeout=PATIENCE).number for _ in range(2)] == [2, 1]
    followers[0].close()  # type: ignore[attr-defined]  # it is a generator
    ended(journal)
    assert queues[1].get(timeout=PATIENCE).number == 3
    with pytest.raises(Empty):
        queues[0].get_nowait()


def test_a_follower_that_does_not_listen_stops_nobody(journal: Journal) -> None:
    """It misses what does not fit into its queue."""
    follower = journal.follow()
    queue = next(follower)
    for _ in range(1500):
        ended(journal)
    assert queue.qsize() == 1000
    assert len(journal.find()) == 5


def test_moments_are_virtual_and_real(clock: Clock) -> None:
    """Beside the moments of the server's clock stand those of the system's."""
    journal = Journal(clock)
    before = system_time()
    entry = begun(journal)
    clock.advance(190)
    journal.end(entry, Ending.DONE)
    assert (entry.received, entry.ended) == (START, START + 190)
    assert entry.ended_real is not None
    assert before <= entry.received_real <= entry.ended_real <= system_time()


def test_64_threads_write_at_once(clock: Clock) -> None:
    """No number is given twice, no bound is exceeded, and no byte stays counted."""
    journal = Journal(clock, max_entries=100, max_bytes=40_000)
    with ThreadPoolExecutor(64) as pool:
        numbers = list(pool.map(lambda _: ended(journal, bytes(77)).number, range(3200)))
    assert sorted(numbers) == list(range(3200))
    assert len(journal.find()) == 100
    assert journal.size <= 40_000
    journal.clear()
    assert journal.size == 0
    journal.close()


def test_what_was_read_ahead_is_not_read_again(journal: Journal) -> None:
    """Whoever searches then finds what every request has asked for, at once."""
    read: list[str] = []

    def outline(request: Request) -> Mapping[str, str]:
        read.append(request.path)
        return {"colour": "crimson"}

    for _ in range(3):
        ended(journal).outline = outline
    journal.read_ahead()
    assert len(read) == 3
    assert len(journal.find(Filter(search="crimson"))) == 3
    assert len(read) == 3
