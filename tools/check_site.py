#!/usr/bin/env python3
"""Whether a built site keeps to itself: every link within it leads somewhere, and no page asks another host for anything.

    python tools/check_site.py site

Links that a person may follow to other hosts are left alone; style sheets, scripts, fonts and pictures must be the site's own.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}
_PASSIVE = {"canonical", "alternate", "next", "prev", "license", "author"}


class Page(HTMLParser):
    """What a page links to, what it fetches, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag's links and its own name."""
        values = {key: value for key, value in attrs if value is not None}
        self.places.update(values[key] for key in ("id", "name") if key in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        passive = tag == "link" and values.get("rel", "") in _PASSIVE
        self.fetched += [values[key] for name, key in FETCHED if name == tag and key in values and not passive]


def problems(site: Path) -> list[str]:
    """What is wrong with the pages below a folder, as lines of text."""
    pages = {file: Page(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))}
    found = []
    for file, page in pages.items():
        name = file.relative_to(site)
        found += [f"{name}: fetches {link}" for link in page.fetched if urlsplit(link).netloc]
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or file.name == "404.html":
                continue
            path = unquote(parts.path)
            target = file if not path else (site / path.lstrip("/") if path.startswith("/") else file.parent / path).resolve()
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                if not (path.endswith("try/") and not (site / "try").exists()):  # built only where npm is there
                    found.append(f"{name}: leads nowhere: {link}")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                found.append(f"{name}: no such place: {link}")
    for file in sorted(site.rglob("*.css")):
        text = file.read_text("utf-8")
        found += [
            f"{file.relative_to(site)}: fetches {url}"
            for url in re.findall(r"(?:url\(|@import)\s*[\"']?(https?:[^\"')\s]+)", text)
        ]
    return found


if __name__ == "__main__":
    told = problems(Path(sys.argv[1]).resolve())
    print("\n".join(told) or "every link leads somewhere, and nothing is fetched from another host")
    sys.exit(bool(told))
