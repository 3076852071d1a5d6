"""Files of keys: what a line means, what does not count, and what ``serve --keys`` says of a bad file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import httpx
import pytest

from command import run, serving
from mockserver.cli.keys import read_keys

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT, MODELS = "/api/v2/account", "/v1/models"


def written(folder: Path, text: str) -> Path:
    """Return a file with that *text*."""
    file = folder / "keys.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_line_is_an_id_with_its_secret_or_a_key(tmp_path: Path) -> None:
    """Both forms are read; the name of a key's holder does not give the key away."""
    found = read_keys(written(tmp_path, "anna:one\nsk-abcdefgh\n"))
    assert found["anna"] == frozenset({"one"})
    (holder,) = found.keys() - {"anna"}
    assert found[holder] == frozenset({"sk-abcdefgh"})
    assert "abcdefgh" not in holder


def test_comments_and_blank_lines_do_not_count(tmp_path: Path) -> None:
    """What begins with # is for people, and blanks around a line do not matter."""
    text = "# callers\n\n   \n  anna:one  \n\t# berta:two\r\ncaesar:three:and more"
    assert read_keys(written(tmp_path, text)) == {
        "anna": frozenset({"one"}),
        "caesar": frozenset({"three:and more"}),
    }


def test_a_tenant_may_have_several_secrets(tmp_path: Path) -> None:
    """Lines with the same id add up, as when secrets are changed one after the other."""
    assert read_keys(written(tmp_path, "anna:one\nanna:two\n")) == {"anna": frozenset({"one", "two"})}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but words\n", "\ufeff"])
def test_a_file_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    """The sentence names the file and says what to write."""
    file = written(tmp_path, text)
    with pytest.raises(click.UsageError, match="has none; write a line id:secret, or a key") as refusal:
        read_keys(file)
    assert str(file) in refusal.value.message


@pytest.mark.parametrize("line", ["anna", ":secret", "anna:", "Bearer", "sk-", "  :secret"])
def test_a_line_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    """The sentence names file, line and the forms allowed, and does not repeat what may be a secret."""
    file = written(tmp_path, f"# callers\nberta:two\n{line}\nsk-listed\n")
    with pytest.raises(click.UsageError, match="wrong at line 3: a line is id:secret or a key") as refusal:
        read_keys(file)
    assert str(file) in refusal.value.message
    assert "listed" not in refusal.value.message


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    """Editors that put one before a text do not change the first id."""
    assert read_keys(written(tmp_path, "\ufeffanna:one\n")) == {"anna": frozenset({"one"})}


@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, kind: str) -> None:
    """A file that is missing, a folder or no text ends the start with a sentence, not with a traceback."""
    file = tmp_path if kind == "folder" else tmp_path / "keys"
    if kind == "binary":
        file.write_bytes(b"\xff\xfe\x00")
    done = run("serve", "--port", "0", "--keys", str(file))
    assert done.returncode == 2
    assert "The file of keys" in done.stderr
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_refuses_an_empty_file(tmp_path: Path) -> None:
    """A server that would know nobody does not start."""
    done = run("serve", "--port", "0", "--keys", str(written(tmp_path, "# none\n")))
    assert done.returncode == 2
    assert "has none; write a line" in done.stderr


def test_the_server_knows_just_those_in_the_file(tmp_path: Path) -> None:
    """Listed credentials get in, all others get the documented 401: of a wrong secret, or of an unknown id."""
    file = written(tmp_path, "# callers\nanna:one\nsk-listed\n")
    with (
        serving("--quiet", "--keys", str(file)) as origin,
        httpx.Client(base_url=origin, trust_env=False) as client,
    ):
        pairs = [("anna", "one"), ("anna", "two"), ("berta", "one")]
        by_id = [client.get(ACCOUNT, auth=pair).status_code for pair in pairs]
        keys = ["sk-listed", "sk-other"]
        by_key = [client.get(MODELS, headers={"Authorization": f"Bearer {key}"}).status_code for key in keys]
        codes = [client.get(ACCOUNT, auth=pair).json()["error"]["code"] for pair in pairs[1:]]
    assert by_id == [200, 401, 401]
    assert codes == [1004, 1001]
    assert by_key == [200, 401]
