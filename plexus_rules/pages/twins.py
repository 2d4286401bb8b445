"""The Markdown twin of each page: the same text, complete, without HTML and site-only syntax.

A page ``rules/PLX201.md`` is served at ``rules/PLX201/``; its twin at ``rules/PLX201/index.md``.
Twins are made of the pages' own Markdown, so they need no site generator and fit any.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<info>[^`]*)$")
_TITLE = re.compile(r'^(?P<language>[\w-]*).*?\btitle="(?P<title>[^"]*)"')
_FOLDED = re.compile(r'^(?P<indent> *)(?:\?\?\?\+?|!!!) \w+ "(?P<title>[^"]*)"$')
_TAB = re.compile(r'^(?P<indent> *)===[!+]* "(?P<title>[^"]*)"$')
_ATTRIBUTES = re.compile(r" *\{:? [^{}]*[#.][^{}]*\}$")
_HTML_LINE = re.compile(r"^ *</?(?:section|div|figure)\b[^>]*>$")
_INLINE = re.compile(r"</?(?:a|span)\b[^>]*>")
_PICTURE = re.compile(r"^ *<svg\b.*?<title\b[^>]*>(?P<title>.*?)</title>.*</svg>$")
_COMMENT = re.compile(r"^ *<!-- .* -->$")
_SNIPPET = re.compile(r'^ *--8<-- "(?P<path>[^"]+)"$')
_API = re.compile(r"^::: (?P<name>[\w.]+)$")
_LINK = re.compile(r"(?P<text>(?<!`)\[[^\]\n]*(?:\[[^\]]*\][^\]\n]*)*\])\((?P<to>[^()\s]+)\)")
_CODE = re.compile(r"(`+)(?:.*?)\1")


class Sources:
    """What pages show of other files: read when it is asked for.

    Args:
        read: the text of a file, by its path in the source tree.
        api: the Markdown of a documented name.
    """

    def __init__(self, read: Callable[[str], str], api: Callable[[str], str]) -> None:
        self.read = read
        self.api = api


def twin_path(page: str) -> str:
    """Where the twin of a page stands, by the page's path below ``docs/``."""
    directory, name = posixpath.split(page.removesuffix(".md"))
    is_index = name in ("index", "README")
    return posixpath.join(directory, "index.md" if is_index else f"{name}/index.md")


def twins(pages: Mapping[str, str], sources: Sources) -> dict[str, str]:
    """The twin of each page, by its path in the site. ``pages`` are by path below ``docs/``."""
    return {twin_path(page): twin(page, text, pages, sources) for page, text in pages.items()}


def twin(page: str, text: str, pages: Mapping[str, str], sources: Sources) -> str:
    """A page as plain Markdown.

    Args:
        page: its path below ``docs/``.
        text: what stands there.
        pages: every page, by path; a link to one becomes a link to its twin.
        sources: what the page shows of other files.
    """
    lines = _plain(_body(text).splitlines(), page, pages, sources)
    return _tidy(lines)


def _body(text: str) -> str:
    """The text without front matter."""
    if text.startswith("---\n"):
        return text.split("\n---\n", 1)[1]
    return text


def _plain(
    lines: list[str], page: str, pages: Mapping[str, str], sources: Sources
) -> Iterator[str]:
    unfolded: list[int] = []  # how deep the contents of what is folded open stand
    fence = ""
    for raw in lines:
        while raw.strip() and unfolded and not raw.startswith(" " * unfolded[-1]):
            unfolded.pop()
        line = raw[4 * len(unfolded) :] if raw.strip() else ""
        if fence:
            snippet = _SNIPPET.match(line)
            yield from sources.read(snippet["path"]).splitlines() if snippet else (line,)
            fence = "" if line.strip() == fence else fence
            continue
        opened, folded = _FENCE.match(line), _FOLDED.match(line) or _TAB.match(line)
        if opened:
            fence = opened["marks"]
            yield from _opened(opened)
        elif folded:
            unfolded.append(len(raw) - len(raw.lstrip()) + 4)
            yield f"{folded['indent']}**{folded['title']}**"
        elif api := _API.match(line):
            yield from sources.api(api["name"]).splitlines()
        elif picture := _PICTURE.match(line):
            yield f"Picture: {picture['title']}"
        elif not _HTML_LINE.match(line) and not _COMMENT.match(line):
            text = _replaced(_INLINE, lambda _: "", _ATTRIBUTES.sub("", line))
            yield _linked(text, page, pages)


def _opened(fence: re.Match[str]) -> Iterator[str]:
    """The first line of a fence; its title, which plain Markdown has not, stands above."""
    titled = _TITLE.match(fence["info"])
    if titled is None:
        yield fence[0]
        return
    yield f"{fence['indent']}`{titled['title']}`:"
    yield ""
    yield f"{fence['indent']}{fence['marks']}{titled['language']}"


def _linked(line: str, page: str, pages: Mapping[str, str]) -> str:
    """A line whose links to pages lead to their twins."""

    def to_twin(link: re.Match[str]) -> str:
        return f"{link['text']}({_target(link['to'], page, pages)})"

    return _replaced(_LINK, to_twin, line)


def _replaced(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], line: str) -> str:
    """A line in which what a pattern matches is replaced, but for code."""
    code = [match.span() for match in _CODE.finditer(line)]

    def outside(match: re.Match[str]) -> str:
        inside = any(start < match.start() < end for start, end in code)
        return match[0] if inside else by(match)

    return pattern.sub(outside, line)


def _target(link: str, page: str, pages: Mapping[str, str]) -> str:
    path, hash_, fragment = link.partition("#")
    if not path or "://" in path or path.startswith(("mailto:", "/")):
        return link
    named = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    served = twin_path(named) if named in pages else named
    return posixpath.relpath(served, posixpath.dirname(twin_path(page)) or ".") + hash_ + fragment


def _tidy(lines: Iterator[str]) -> str:
    kept: list[str] = []
    fence = ""
    for line in lines:
        opened = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opened:
            fence = opened["marks"]
        elif not line.strip() and (not kept or not kept[-1].strip()):
            continue
        kept.append(line if fence else line.rstrip())
    return "\n".join(kept).strip("\n") + "\n"


def write_twins(root: Path, site: Path) -> list[str]:
    """Writes the twin of each page of a source tree into its built site; their paths in it.

    Raises:
        OSError: a page or a file that it shows cannot be read, or a twin cannot be written.
    """
    from plexus_rules.pages.api import api_markdown

    docs = root / "docs"
    pages = {
        path.relative_to(docs).as_posix(): path.read_text("utf-8")
        for path in sorted(docs.rglob("*.md"))
    }
    sources = Sources(lambda path: (root / path).read_text("utf-8"), api_markdown)
    made = twins(pages, sources)
    for path, text in made.items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
    return sorted(made)
