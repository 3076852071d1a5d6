"""A request as code that sends the same one again, in the languages that people write clients in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mockserver.snippets import browser, csharp, curl, java, node, php, pytest_function, python, ruby
from mockserver.snippets.reading import sketch_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request
    from mockserver.snippets.model import Sketch

__all__ = ["LANGUAGES", "Language", "Snippet", "sketch_of", "snippets"]


class Language(NamedTuple):
    """A language, or a library in one: its name here and for readers, that for highlighting, and who writes it."""

    name: str
    title: str
    highlight: str
    write: Callable[[Sketch], str]


class Snippet(NamedTuple):
    """Code in one language."""

    language: str
    title: str
    highlight: str
    text: str


LANGUAGES = (
    Language("curl", "curl", "bash", curl.write),
    Language("fetch", "fetch (browser)", "javascript", browser.write),
    Language("python", "Python (requests)", "python", python.write),
    Language("node", "Node.js", "javascript", node.write),
    Language("php", "PHP", "php", php.write),
    Language("java", "Java", "java", java.write),
    Language("csharp", "C#", "csharp", csharp.write),
    Language("ruby", "Ruby", "ruby", ruby.write),
)
_TEST = Language("pytest", "pytest", "python", pytest_function.write)
"""Only for a request to a provider, since it needs the provider's fixture."""


def snippets(request: Request, *, provider: str = "", answer: str = "") -> list[Snippet]:
    """Return *request*, which must hold no secrets, as code in every language.

    *provider* is whose operation it is for, *answer* the media type of what came of it if all was well; both may be
    empty.
    """
    sketch = sketch_of(request, provider=provider, answer=answer)
    languages = (*LANGUAGES, *((_TEST,) if provider else ()))
    return [Snippet(one.name, one.title, one.highlight, one.write(sketch)) for one in languages]
