"""JSON whose quotes the shell removes: `curl -d "{"text":"done"}"` sends {text:done}.

Source: XCU 2.2.3 (double quotes), 2.6.7 (quote removal); RFC 8259.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_OPTIONS = {
    "curl": names("-d --data --data-raw --data-binary --json"),
    "wget": names("--post-data --body-data"),
    "kubectl": names("-p --patch --overrides"),
    "oc": names("-p --patch --overrides"),
    "aws": names("--payload --message --message-body --policy-document --item --key --cli-input-json"),
}


def quotes_lost_in_json(s: Subject) -> Iterator[Hit]:
    """One finding for each script."""
    for script in s.scripts:
        for command in commands(script.statements, functions=True, inner=True):
            options = _OPTIONS.get(program(command)[0])
            text = _json(command.texts, options) if options else ""
            if text:
                inside = text[1:-1] if text[0] == '"' else text
                better = "'" + inside.replace('\\"', '"') + "'"
                if "$" in inside:
                    better = '"' + inside.replace('\\"', '"').replace('"', '\\"') + '"'
                yield script_hit(
                    s,
                    script,
                    command.start,
                    command.end,
                    command=program(command)[0],
                    sent=short(inside.replace('"', "")),
                    better=better,
                )
                break


def _json(texts: tuple[str, ...], options: frozenset[str]) -> str:
    """The value of one of the options, if it is JSON with quotes that the shell removes; "" otherwise."""
    for i, text in enumerate(texts[:-1]):
        name, sign, own = text.partition("=")
        value = own if sign and name in options else texts[i + 1] if text in options else ""
        # A word that ends at a space inside of the JSON is followed by the rest of it.
        rest = " ".join([value, *texts[i + 2 :]]) if value and not sign else value
        if value.startswith('"{"') or value.startswith('{"') and '\\"' not in value and "'" not in value:
            end = rest.rfind("}")
            whole = rest[: end + (2 if value[0] == '"' and rest[end + 1 : end + 2] == '"' else 1)]
            if ":" in whole and whole.rstrip('"').endswith("}"):
                return whole
    return ""
