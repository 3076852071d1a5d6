"""No text breaks out of the literal that is made of it."""

from __future__ import annotations

import ast
import base64
import json
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.snippets import csharp, curl, java, javascript, php, python, ruby
from mockserver.snippets.literals import json_text
from tests.mockserver.snippets.running import require, run
from tests.mockserver.snippets.texts import NASTY, NUL, texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Printer(NamedTuple):
    """A program that prints each of its literals in base64, a line each; they stand where LITERALS does."""

    literal: Callable[[str], str]
    program: str
    between: str = ", "


PRINTERS = {
    "curl": Printer(curl.literal, "printf '%s\\0' LITERALS | base64 | tr -d '\\n'", " "),
    "node": Printer(
        javascript.literal, "for (const one of [LITERALS]) console.log(Buffer.from(one).toString('base64'));"
    ),
    "php": Printer(php.literal, "<?php foreach ([LITERALS] as $one) echo base64_encode($one), PHP_EOL;"),
    "ruby": Printer(ruby.literal, "[LITERALS].each { |one| puts [one].pack('m0') }"),
    "java": Printer(
        java.literal,
        """
        class Example {
            public static void main(String[] none) throws Exception {
                for (String one : new String[] { LITERALS })
                    System.out.println(java.util.Base64.getEncoder().encodeToString(one.getBytes("UTF-8")));
            }
        }
        """,
    ),
    "csharp": Printer(
        csharp.literal,
        """
        class Example
        {
            static void Main()
            {
                foreach (var one in new[] { LITERALS })
                    System.Console.WriteLine(System.Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(one)));
            }
        }
        """,
    ),
}
READERS: dict[str, tuple[Callable[[str], str], Callable[[str], object]]] = {
    "python": (python.literal, ast.literal_eval),
    "json": (json_text, json.loads),
}
ALL = {name: printer.literal for name, printer in PRINTERS.items()} | {name: one for name, (one, _) in READERS.items()}


@pytest.mark.parametrize("language", PRINTERS)
def test_texts_that_look_like_code(tmp_path: Path, language: str) -> None:
    """The language itself reads from the literals what was put into them; a shell knows no NUL."""
    _assert_read(language, [*NASTY, *([] if language == "curl" else [NUL, "\0"])], tmp_path)


@pytest.mark.parametrize("language", ["curl", "node", "php", "ruby"])
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(texts, min_size=60, max_size=120))
def test_any_texts(tmp_path: Path, language: str, found: list[str]) -> None:
    """Many in each program, since programs take a while to start."""
    _assert_read(language, found, tmp_path)


@pytest.mark.parametrize("language", ["java", "csharp"])
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(texts, min_size=150, max_size=200))
def test_any_texts_in_a_compiled_language(tmp_path: Path, language: str, found: list[str]) -> None:
    """Compilers take longer still."""
    _assert_read(language, found, tmp_path)


@pytest.mark.parametrize("language", READERS)
@given(text=texts | st.just(NUL))
def test_any_text_in_python_and_json(language: str, text: str) -> None:
    """These are read without a program."""
    literal, read = READERS[language]
    assert read(literal(text)) == text


@pytest.mark.parametrize("language", ALL)
@given(text=texts)
def test_nothing_is_hidden(language: str, text: str) -> None:
    """Code has no line breaks, controls, or marks that turn the direction of writing, wherever it is pasted."""
    assert ALL[language](text).isprintable()


@given(text=texts)
def test_a_shell_finds_no_recollection_of_a_command_in_any_line(text: str) -> None:
    """What goes over several lines has no exclamation mark, and no circumflex: old shells look for them in quotes."""
    found = curl.literal(f"!a\n{text}\n^b", lines=True)
    assert not {"!", "^"} & set(found)


@given(text=texts | st.sampled_from(["</script>", "<!--<script>", "<\\/script>"]))
def test_javascript_does_not_end_the_script_that_it_stands_in(text: str) -> None:
    """A page that has the code within HTML stays whole."""
    found = javascript.literal(text)
    assert "</" not in found
    assert "<!--" not in found


def _assert_read(language: str, found: list[str], folder: Path) -> None:
    """Assert that the program prints just what is in the literals of the texts *found*."""
    tool, printer = require(language), PRINTERS[language]
    code = printer.program.replace("LITERALS", printer.between.join(map(printer.literal, found)))
    succeeded, printed = run(tool, code, folder)
    assert succeeded, printed
    read = [base64.b64decode(line).decode() for line in printed.splitlines()]
    # A shell would start three programs for each text.
    assert (read[0].split("\0")[:-1] if language == "curl" else read) == found
