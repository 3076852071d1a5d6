"""Reports of a run, each a pure function from the run to text."""

from contracts.report.html import html
from contracts.report.json import as_json
from contracts.report.junit import junit
from contracts.report.markdown import markdown
from contracts.report.sequence import drawn

__all__ = ["as_json", "drawn", "html", "junit", "markdown"]
