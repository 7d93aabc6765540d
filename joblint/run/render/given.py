"""From an action of a chart's template to the value that it prints, and the line of the file that sets it; knows no
findings."""

from __future__ import annotations

import os

from joblint.run.render.charts import ARCHIVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.run.render.helm import Rendered
    from joblint.source.documents import Document
    from joblint.source.unrendered.actions import Action, Choice
    from joblint.source.unrendered.origins import Where

    Actions = tuple[Action | Choice, ...]

_MOST = 1 << 20
_ITEMS = 60
_ACTIONS = 8
_NAMED, _BLOCK, _PART, _INNER, _SET, _WHOLE = range(1, 7)
"""How well a value matches what was printed: it is named, it is printed as lines, it is part of the line, a part of it is in
the field, the command line sets it, it merely occurs."""
_DEEPEST = 4
_TEMPLATES = (".yaml", ".yml", ".tpl")


class Given:
    """The values of one rendering of a chart. `shown` is what the chart is called, `root` the folder where its files are,
    `packed` the folders in it that are really archives, each with its archive."""

    def __init__(self, shown: str, root: str, rendered: Rendered, packed: tuple[tuple[str, str], ...] = ()) -> None:
        self.packed = packed
        self.shown = shown
        self.root = root
        self.rendered = rendered
        self._texts: dict[str, list[str]] = {}
        self._trees: dict[str, Actions] = {}
        self._values: dict[str, Document] = {}
        self._definitions: dict[str, Actions] | None = None
        self._copies: dict[str, list[tuple[str, list[str], int]]] | None = None

    def shown_as(self, name: str) -> str:
        """A file of the chart as a person would name it."""
        return shown_in(self.shown, name, self.packed)

    def name_of(self, shown: str) -> str:
        """A file's name in the chart, by how a person would name it."""
        name = shown if self.shown == "." else shown.removeprefix(self.shown.rstrip("/") + "/")
        for folder, archive in reversed(self.packed):
            if name.startswith(f"{archive}/"):
                name = folder + name[len(archive) :]
        return name

    def texts(self, name: str) -> list[str]:
        """Return the lines of a file of the chart; an empty one if it does not exist, or is too large."""
        if name not in self._texts:
            self._texts[name] = _read(os.path.join(self.root, *name.split("/"))).split("\n")
        return self._texts[name]

    def copied(self, lines: list[str]) -> tuple[str, int]:
        """Return the file of the chart, outside of its templates, that contains these lines in this order, and the number of
        lines before them there; "" if there is none."""
        copies = self._copies = self._index() if self._copies is None else self._copies
        # By its rarest line: that there are many documents in many files does not multiply.
        offset = min(range(len(lines)), key=lambda n: len(copies.get(lines[n], ())))
        for name, texts, n in copies.get(lines[offset], ()):
            begin = n - offset
            if begin >= 0 and texts[begin : begin + len(lines)] == lines:
                return name, begin
        return "", 0

    def _index(self) -> dict[str, list[tuple[str, list[str], int]]]:
        """Where each line occurs in files that may be copied: the file, its lines, and the number of lines before."""
        from joblint.run.render.charts import walk

        found: dict[str, list[tuple[str, list[str], int]]] = {}
        for path, size in walk(self.root):
            name = os.path.relpath(path, self.root).replace(os.sep, "/")
            if size <= _MOST and "templates" not in name.split("/") and any("kind" in text for text in self.texts(name)):
                texts = [text.rstrip() for text in self.texts(name)]
                for n, text in enumerate(texts):
                    found.setdefault(text, []).append((name, texts, n))
        return found

    def _files(self) -> list[tuple[str, str]]:
        """The values files of the command line, as a person would name them and their real paths."""
        return [(shown_file(self.shown, self.root, file, self.packed), where) for file, where in self.rendered.values]

    def of(
        self, name: str, line: int, actions: tuple[tuple[int, int], ...], source: str, rendered: str, field: str
    ) -> tuple[str, str]:
        """Return where the value comes from that actions print together (`values.yaml:3`), and the same in words. The actions
        are between two columns each of a line of a template; `source` is the template that printed the document, `rendered` its
        line there, `field` the field with the value."""
        from joblint.source.unrendered.origins import ROOT, printed_by, scope_at

        start = sum([len(text) + 1 for text in self.texts(name)[: line - 1]])
        tree = self._tree(name)
        parts = source.split("/")
        charts = [parts[i + 1] for i in range(0, len(parts) - 1, 2) if parts[i] == "charts"]
        found: list[tuple[int, str, str]] = []
        for begin, end in actions[:_ACTIONS]:
            scope, inside = scope_at(tree, start + begin, ROOT, self._defined)
            if inside:
                scope, _ = scope_at(tree, start + begin, self._dot_of(inside, source, 0), self._defined)
            body = self.texts(name)[line - 1][begin:end].strip("{}-% \t\r")
            found += [
                self._found(list(path[1:]), charts, rendered, field)
                for path in printed_by(body, scope, self._defined)
                if len(path) > 1 and path[0] == "Values"
            ]
        fit = max([f[0] for f in found], default=0)
        best = list(dict.fromkeys([f[1:] for f in found if f[0] == fit])) if fit else []
        if fit == _NAMED and len(best) > 1:
            return "", ""  # the action uses all of them, and prints none as it is
        if fit != _PART:
            return best[0] if best else ("", "")
        # Of several, the one set in addition to the chart's own values is the likeliest.
        own = self.shown_as("")
        best.sort(key=lambda b: not b[0].startswith(own) or b[0].partition(":")[0] in [v[0] for v in self._files()])
        return best[-1][0], ", ".join([said for _, said in best[-3:] if said])

    def behind(self, name: str, line: int) -> str:
        """Return the text of a template's line, with all actions on which it depends: those that set its variables, and those in
        the definitions that it includes."""
        import re

        found = [self.texts(name)[line - 1]]
        seen: set[str] = set()
        for text in found:
            wanted = set(re.findall(r"\$\w+|(?:include|template)\s+\"[^\"]+\"", text)) - seen
            seen |= wanted
            for one in wanted:
                if one.startswith("$"):
                    bodies = _bodies(self._tree(name))
                    found += [body for body in bodies if "=" in body and one in re.findall(r"\$\w+", body.partition("=")[0])]
                else:
                    found.append("\n".join(_bodies(self._defined(one.split('"')[1]))))
        return "\n".join(found)

    def misspelled(self, name: str, line: int) -> bool:
        """Whether a line of a template names a value that the chart's own file does not have, while it has a similar one."""
        import re
        from difflib import get_close_matches

        file = f"{name.rpartition('templates/')[0]}values.yaml"
        values = self._document(os.path.join(self.root, *file.split("/"))).value
        for path in re.findall(r"\.Values\.(\w+(?:\.\w+)*)", self.texts(name)[line - 1]):
            here = values
            for step in path.split("."):
                if not isinstance(here, dict):
                    break
                if step not in here and get_close_matches(step, [k for k in here if isinstance(k, str)], 1, 0.75):
                    return True
                here = here.get(step)
        return False

    def _found(self, path: list[str | None], charts: list[str], rendered: str, field: str) -> tuple[int, str, str]:
        """How well a value matches what was printed (0: there is none), where it comes from, and the same in words."""
        shared = path[0] == "global"
        full = path if shared else [*charts, *path]
        for name, part in reversed(_set_parts(self.rendered.sets)):
            named = name.split(".")
            if len(named) >= len(full) and all(step is None or step == there for step, there in zip(full, named, strict=False)):
                return _SET, f"--set {part}", f"--set {part}"
        inside = self.rendered.inside or ((),) * len(self.rendered.values)
        files: list[tuple[str, str, list[str | None]]] = [
            (shown, where, [*before, *full]) for (shown, where), before in zip(self._files(), inside, strict=True)
        ]
        for n in range(len(charts) + 1):
            file = "/".join([*[part for chart in charts[:n] for part in ("charts", chart)], "values.yaml"])
            steps = path if shared else [*charts[n:], *path]
            files.append((self.shown_as(file), os.path.join(self.root, *file.split("/")), steps))
        files += self._imported(path)
        for shown, where, steps in files:
            document = self._document(where)
            found = [
                _fit(document, at, value, rendered, field) for at, value in _values_at(document.value, steps) if value is not None
            ]
            if found:
                fit, line, said = max(found, key=lambda f: f[0])
                if fit == _NAMED and len({f[2] for f in found}) > 1:
                    said = ""  # one of several, of which none is printed as it is
                return fit, f"{shown}:{line}", f"{said} in {shown}:{line}" if said else f"{shown}:{line}"
        return 0, "", ""

    def _imported(self, path: list[str | None]) -> list[tuple[str, str, list[str | None]]]:
        """The files of charts in the chart from which its Chart.yaml imports values, with the paths in them."""
        found: list[tuple[str, str, list[str | None]]] = []
        definition = self._document(os.path.join(self.root, "Chart.yaml")).value
        entries = definition.get("dependencies") if isinstance(definition, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            imports = entry.get("import-values") if isinstance(entry, dict) else None
            for one in imports if isinstance(imports, list) else ():
                child, parent = (one.get("child"), one.get("parent")) if isinstance(one, dict) else (f"exports.{one}", "")
                above = [step for step in str(parent).split(".") if step]
                if path[: len(above)] == above and isinstance(child, str):
                    file = f"charts/{entry.get('name')}/values.yaml"
                    where = os.path.join(self.root, *file.split("/"))
                    found.append((self.shown_as(file), where, [*child.split("."), *path[len(above) :]]))
        return found

    def _document(self, file: str) -> Document:
        from joblint.source.documents import read

        if file not in self._values:
            self._values[file] = read(_read(file).encode("utf-8", "surrogateescape"), file, templates=False)[0]
        return self._values[file]

    def _tree(self, name: str) -> Actions:
        from joblint.source.unrendered.actions import Unbalanced, tree

        if name not in self._trees:
            try:
                self._trees[name] = tree("\n".join(self.texts(name)))
            except (Unbalanced, RecursionError):
                self._trees[name] = ()
        return self._trees[name]

    def _templates(self) -> list[str]:
        from joblint.run.render.charts import walk

        found = [os.path.relpath(path, self.root).replace(os.sep, "/") for path, size in walk(self.root) if size <= _MOST]
        return [name for name in found if "templates" in name.split("/") and name.endswith(_TEMPLATES)]

    def _defined(self, name: str) -> Actions:
        from joblint.source.unrendered.actions import Choice
        from joblint.source.unrendered.origins import definition

        if self._definitions is None:
            self._definitions = {}
            for file in self._templates():
                for item in self._tree(file):
                    if isinstance(item, Choice) and item.word == "define":
                        self._definitions.setdefault(definition(item), item.branches[0].inside)
        return self._definitions.get(name, ())

    def _dot_of(self, name: str, source: str, depth: int) -> Where:
        """The argument of a definition, in the template that prints it, or else in the first one that does."""
        from joblint.source.unrendered.origins import ROOT, given_to

        if not name or depth > _DEEPEST:
            return ROOT
        for file in [source, *self._templates()]:
            if any(f'"{name}"' in text for text in self.texts(file)):
                found = given_to(name, self._tree(file), self._defined, lambda n: self._dot_of(n, source, depth + 1))
                if found:
                    return found
        return ROOT


def _bodies(actions: Actions) -> list[str]:
    """The texts of actions and of all those in them."""
    from joblint.source.unrendered.actions import Action

    found: list[str] = []
    left = list(actions)
    while left:
        one = left.pop()
        if isinstance(one, Action):
            found.append(one.body)
            continue
        for branch in one.branches:
            found.append(branch.action.body)
            left += branch.inside
    return found


def _set_parts(sets: tuple[str, ...]) -> list[tuple[str, str]]:
    """The assignments of `--set a.b=1,c[0]=2`, each with its path: `a.b`, `c.0`."""
    import re

    parts = [part for given in sets for part in re.findall(r"(?:\\.|\{[^{}]*\}|[^,\\])+", given)]
    return [(re.sub(r"\[([0-9]+)\]", r".\1", part.partition("=")[0]), part) for part in parts]


def shown_in(chart: str, name: str, packed: tuple[tuple[str, str], ...]) -> str:
    """Return a file of a chart as a person would name it; `packed` are the folders in it that are really archives, each with
    its archive."""
    for folder, archive in packed:
        if name.startswith(f"{folder}/"):
            name = archive + name[len(folder) :]
    return name if chart == "." else f"{chart.rstrip('/')}/{name}"


def shown_file(chart: str, root: str, file: str, packed: tuple[tuple[str, str], ...]) -> str:
    """Return a values file as a person would name it: one in an archive is not where it was unpacked to. `root` is where the
    files of the chart are."""
    is_inside = chart.endswith(ARCHIVES) and os.path.abspath(file).startswith(os.path.abspath(root) + os.sep)
    return shown_in(chart, os.path.relpath(file, root).replace(os.sep, "/"), packed) if is_inside else file


def _values_at(value: Any, steps: list[str | None]) -> Iterator[tuple[list[str | int], Any]]:
    """The paths and values that a path with open steps leads to."""
    from joblint.source.unrendered.origins import KEY

    left: list[tuple[list[str | int], Any]] = [([], value)]
    for step in steps:
        inner: list[tuple[list[str | int], Any]] = []
        for path, held in left:
            if isinstance(held, dict) and step == KEY:
                inner += [([*path, key], key) for key in held]
            elif isinstance(held, dict):
                inner += [([*path, key], item) for key, item in held.items() if step is None or key == step]
            elif isinstance(held, list):
                inner += [([*path, n], item) for n, item in enumerate(held) if step is None or str(n) == step]
        left = inner[:_ITEMS]
    yield from left


def _fit(document: Document, path: list[str | int], value: Any, rendered: str, field: str) -> tuple[int, int, str]:
    """How well a value matches the line that was printed, the line in its file, and the value in words."""
    from joblint.source.places.paths import child

    inner, value = _within(value, rendered, field)
    at = ""
    for step in [*path, *inner]:
        at = f"{at}[{step}]" if isinstance(step, int) else child(at, step)
    line = document.span(at, "key").line
    if isinstance(value, (dict, list)):
        return _INNER if inner else _BLOCK, line, ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    printed = rendered.strip()
    fit = _INNER if inner else _PART if _is_part(text, printed) else _NAMED
    if printed.partition(": ")[2].strip("\"' ") == text or printed == f"- {text}":
        fit = _WHOLE
    if "\n" in text:  # a text that is printed unchanged, or by tpl
        lines = [row.strip() for row in text.split("\n")]
        if printed in lines and document.style(at) in ("literal", "folded"):
            return _WHOLE, line + 1 + lines.index(printed), ""
        return fit, line, ""
    name = next((step for step in reversed([*path, *inner]) if isinstance(step, str)), "")
    return fit, line, f"{name}: {text[:60]}" if text != name else f"the key {text[:60]}"


def _is_part(text: str, printed: str) -> bool:
    """Whether a line contains a text; a number is not part of another one."""
    import re

    if not text.isdecimal():
        return bool(text) and text in printed
    return text in re.split(r"[^0-9]+", printed)


def _within(value: Any, rendered: str, field: str) -> tuple[list[str | int], Any]:
    """For a value that is printed as several lines, the path of the part that is in a field, and the part."""
    from joblint.source.places.paths import steps, value_at

    if not isinstance(value, (dict, list)):
        return [], value
    wanted = list(steps(field))
    for n in range(len(wanted)):
        found = value_at(value, wanted[n:])
        if found is not None:
            return wanted[n:], found
    # In a list that continues one of the template's own, the numbers differ.
    key, _, text = rendered.strip().removeprefix("- ").partition(":")
    left: list[tuple[list[str | int], Any]] = [([], value)]
    for path, held in left:
        pairs = list(held.items()) if isinstance(held, dict) else list(enumerate(held)) if isinstance(held, list) else []
        for name, item in pairs:
            if name == key and (isinstance(item, (dict, list)) or str(item) == text.strip("\"' ")):
                return [*path, name], item
            if len(left) < 500:
                left.append(([*path, name], item))
    return [], value


def _read(path: str) -> str:
    try:
        if os.path.getsize(path) > _MOST:
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError:
        return ""
