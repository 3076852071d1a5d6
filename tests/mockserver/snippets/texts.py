"""Texts that break what is written without care."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = (
    "",
    "true",
    " blanks at both ends ",
    "'; echo broken; '",
    "it's !! and !echo, \\'!x",
    '"; print("broken"); "',
    "$(echo broken) `echo broken` ${HOME} $HOME {$x} $x",
    '#{puts "broken"} #$0 #@x \\#{1}',
    "${alert(1)} `${1}`",
    "\\",
    "\\\\",
    "\\'",
    '\\"',
    "\\n \\u0022 \\u000a \\\\u0022 \\x41 \\0 \\u{41}",
    "<?php echo 1; ?> ?> // <!-- </script> -->",
    "@photo.png",
    "<photo.png",
    "@/etc/passwd;type=text/plain",
    "-n --help",
    "a=b;c=d&e=f+g%20h%00",
    "one\ntwo",
    "one\rtwo",
    "one\r\ntwo\r\n",
    "\n",
    "\n$x ${x} {$x} $(x) `x` #{x} #$x ' \" \\ \\' !! ^x^y ?>",
    "tab\tbell\x07escape\x1b[31m delete\x7f c1\x85",
    "Übergröße, 日本語, \U0001f600, e\u0301",
    "\u202etxt.exe \u200b\u00a0\ufeff\u2028\u2029\ue000\uffff\U0010ffff",
    "%s %d %% {} {0} {{}}",
    "'''\"\"\"",
    "*/ # // /* EOF\nEOF",
)
NUL = "before\0after 7\x001"

_SIGNS = st.sampled_from(
    "'\"`$\\#{}()<>?@!%&;=/*+-_ \n\r\t\x1b\x7f\x85\u00a0\u200e\u2028\ufeffabcnrtux019é日\U0001f600"
)
_ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(_SIGNS | _ANY, max_size=40)
"""Any text without a NUL, with more than its share of signs that mean something somewhere."""
