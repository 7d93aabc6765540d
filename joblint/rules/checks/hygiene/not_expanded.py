"""Variables in a here-document whose delimiter is quoted, so that the shell does not replace them.

Source: XCU 2.7.4 (here-documents: if any part of the word is quoted, the lines are not expanded).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command

_READERS = names("kubectl oc psql mysql mariadb curl mail sendmail ldapadd ldapmodify")
_ENDS = (
    ".yaml",
    ".yml",
    ".json",
    ".conf",
    ".cnf",
    ".cfg",
    ".ini",
    ".sql",
    ".env",
    ".properties",
    ".toml",
    ".xml",
    ".html",
    ".netrc",
)
_FILLS = ("envsubst", "gomplate", "eval ", "esh ", "jinja", "sed -i", "command:", "args:", "#!/")
"""What shows that something else replaces the variables later, or that the text is a program."""


def variable_in_quoted_here_document(s: Subject) -> Iterator[Hit]:
    """`cat <<'EOF' | kubectl apply -f -` with `$IMAGE`, which the script sets; one finding for each script."""
    for script in s.scripts:
        if "<<" not in script.text or any(mark in script.text for mark in _FILLS):
            continue
        for command in commands(script.statements, functions=True):
            mark = next((r for r in command.redirects if r.startswith("<<") and not r.startswith("<<<")), "")
            # The rest of the line follows the delimiter.
            word = (mark.lstrip("<-").split() or [""])[0].rstrip(";|)")
            if not word or word[0] not in "'\"\\" or not _is_filled(script, command):
                continue
            name = _known_in(script, command, word.strip("'\"\\"))
            if name:
                yield command_hit(
                    s,
                    script,
                    command,
                    name=name,
                    mark=f"<<{word}",
                    better="<<" + word.strip("'\"\\"),
                )
                break


def _is_filled(script: Script, command: Command) -> bool:
    """Whether the text is an input or a file of settings, not a program."""
    name, _ = program(command)
    if name in _READERS:
        return True
    line = script.text[command.start :].partition("\n")[0]
    if name not in ("cat", "tee"):
        return False
    target = (line.partition(">")[2].lstrip(">| ").split() or [""])[0].strip("\"';")
    if name == "tee":
        target = command.texts[-1].strip("\"'") if len(command.texts) > 1 else ""
    after = line.partition("|")[2].split()
    return target.endswith(_ENDS) or bool(after) and after[0] in _READERS


def _known_in(script: Script, command: Command, word: str) -> str:
    """The first variable in the text that the script or the env of the container sets."""
    begin = script.text.find("\n", command.start)
    end = script.text.find(f"\n{word}\n", begin) if begin >= 0 else -1
    if begin >= 0 and end < 0 and script.text.rstrip().endswith(f"\n{word}"):
        end = len(script.text.rstrip()) - len(word)
    if begin < 0 or end < 0:
        return ""
    env = {str(as_dict(e).get("name")) for e in as_list(script.container.data.get("env"))}
    before = script.text[: command.start]
    for part in script.text[begin:end].split("$")[1:]:
        raw = part.removeprefix("{")
        name = raw[: next((n for n, sign in enumerate(raw) if not (sign.isalnum() or sign == "_")), len(raw))]
        if name and not name[0].isdigit() and (name in env or f"\n{name}=" in f"\n{before}" or f"export {name}=" in before):
            return name
    return ""
