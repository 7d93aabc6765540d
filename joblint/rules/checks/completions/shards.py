"""Work in parts: how many there are, which Pod does which, and when the Job counts as complete; knows subjects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.words import count
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.options import INDEX_NAMES, counted, numbered, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.options import Option, Options
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_PARTS = names("shard partition part chunk slice split segment bucket page range batch block")
_NUMBERS = names("shard shardid shardindex shardidx shardnumber shardno partindex partid chunkindex chunkid sliceindex sliceid")
_NUMBERED = _PARTS | names("rank worker node task")
# Programs that read no variable of Kubernetes; any other program may read the index by itself.
_KNOWN = names(
    "pg_dump pg_dumpall pg_restore psql mysqldump mysql mariadb mariadb-dump mongodump mongorestore redis-cli aws gsutil gcloud "
    "az kubectl oc restic rclone rsync tar wget curl scp ssh mc s3cmd etcdctl"
)


def _indexes(s: Subject) -> int:
    """The number of indexes of an Indexed Job; 0 for others."""
    total = s.spec.get("completions")
    return total if s.spec.get("completionMode") == "Indexed" and isinstance(total, int) else 0


def shard_total_differs(s: Subject) -> Iterator[Hit]:
    """The number of parts that a program gets differs from the number of indexes."""
    total = _indexes(s)
    for i, container in enumerate(s.containers):
        if total < 1 or container.role != "main":
            continue
        found = options_of(s, container, i)
        nodes = _nodes(s, i, found)
        for field, told, parts in (*_totals(found), *_totals_of_scripts(s, i, found), *nodes):
            if parts == total:
                continue
            if (field, told, parts) in nodes:
                effect = "it waits for nodes that never start" if parts > total else "there are more Pods than nodes"
            elif parts > total:
                effect = f"{_range(total, parts)} of {parts} {_is(parts - total)} never processed"
            else:
                effect = (
                    f"{count(total - parts, 'index', 'indexes')} of {total} {'has' if total - parts == 1 else 'have'} no work"
                )
            several = count(parts, "index", "indexes")
            yield s.hit(field, told=told, total=total, effect=effect, parts=parts, several=several, at=s.spec_at)
            return


def _nodes(s: Subject, index: int, found: Options) -> list[tuple[str, str, int]]:
    """The number of nodes that torchrun gets: each Pod is one of them, and the first ones wait until all are there."""
    texts = (" ".join(s.runs[index].words), *[x.text for x in s.scripts if x.index == index])
    if not any("torchrun" in text or "torch.distributed" in text for text in texts):
        return []
    named = [o for o in found.options if o.name == "nnodes" and o.value.isdecimal() and len(o.value) < 6]
    return [(o.field, o.told, int(o.value)) for o in named]


def _range(first: int, end: int) -> str:
    return f"part {first}" if first == end - 1 else f"parts {first} to {end - 1}"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _totals(found: Options) -> Iterator[tuple[str, str, int]]:
    """The options that count what another one numbers by the index, each as its field, text and number; `--shard=$INDEX/8` does
    both."""
    numbers = {numbered(o.name) for o in found.options if found.is_index(o.value)}
    for option in found.options:
        value = option.value
        if value.isdecimal() and len(value) < 9 and counted(option.name) in numbers and int(value) > 0:
            yield option.field, option.told, int(value)
        elif "/" in value and found.holds_index(value.rpartition("/")[0]) and value.rpartition("/")[2].isdecimal():
            if numbered(option.name) in _PARTS and len(value) < 80:
                yield option.field, option.told, int(value.rpartition("/")[2])
        elif value.isdecimal() and 0 < len(value) < 7 and option.name in _TOTALS and not _number_of(option, found):
            yield option.field, option.told, int(value)


_TOTALS = frozenset([a + b for a in ("total", "num") for b in ("shards", "chunks", "slices")]) | names("shardcount shardtotal")


def _number_of(option: Option, found: Options) -> bool:
    """Whether another option says which of the parts is done: the program does not read the index itself."""
    return any(numbered(o.name) == counted(option.name) for o in found.options if o is not option)


def _totals_of_scripts(s: Subject, index: int, found: Options) -> Iterator[tuple[str, str, int]]:
    """Lists from which a script selects an element by the index (`${regions[$INDEX]}`), and `n % 8 = $INDEX`."""
    from joblint.shell.syntax import commands

    for script in s.scripts:
        if script.index != index:
            continue
        lists = {}
        for command in commands(script.statements, functions=True):
            for assign in command.assigns:
                name, _, value = assign.partition("=")
                if value.startswith("(") and value.endswith(")") and not any(c in value[1:-1] for c in "$`*?{}()'\"#["):
                    lists[name] = (assign, len(value[1:-1].split()))
        for alias in sorted(found.aliases):
            for name, (assign, count_of) in lists.items():
                if count_of and any(f"${{{name}[{form}]}}" in script.text for form in (f"${alias}", alias, f"${{{alias}}}")):
                    if script.text.count(f"{name}=") == 1 and f"{name}+=" not in script.text:
                        yield script.field, " ".join(assign.split())[:60], count_of
            cases = _cases(script, alias)
            if cases:
                yield script.field, f"case ${alias} in 0) … {cases - 1})", cases
            modulus = _modulus(script.text, alias)
            if modulus:
                yield script.field, f"% {modulus}", modulus
            pieces = _pieces(script) if "split" in script.text and f"${alias}" in script.text.replace("{", "") else 0
            if pieces:
                yield script.field, f"split -n {pieces}", pieces
            operands = _operands(script, alias)
            if operands:
                yield script.field, f"set -- … ({operands} words)", operands
        total = _of_awk(script)
        if total:
            yield script.field, f"NR % {total}", total
    run = s.runs[index]
    if run.name.startswith("python") and "-c" in run.rest[:4] and run.script < 0:
        at = run.rest.index("-c") + 1
        text = run.rest[at] if at < len(run.rest) else ""
        if INDEX_NAMES[0] in text:
            from joblint.shell.python_parts import parts_of

            for told, total in parts_of(text, INDEX_NAMES[0]):
                yield run.fields[run.program + 1 + at], told, total


def _pieces(script: Script) -> int:
    """The number of files that `split -n 8` or `split --number=l/8` writes; 0 if there is none."""
    from joblint.rules.workload.script_values import script_values
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    for command in commands(script.statements, functions=True):
        name, rest = program(command)
        if name != "split":
            continue
        texts = command.texts[len(command.texts) - len(rest) :]
        pairs = zip(texts, (*texts[1:], ""), strict=True)
        values = [t.partition("=")[2] if "=" in t else after for t, after in pairs if t.startswith(("-n", "--number"))]
        if len(values) == 1:
            value = values[0].strip("\"'").rpartition("/")[2]
            number = script_values(script).of(value) if value.startswith("$") else value
            return int(number) if number.isdecimal() and len(number) < 7 else 0
    return 0


def _operands(script: Script, alias: str) -> int:
    """The number of words in `set -- a b c` before `shift $INDEX`; 0 if the script does not choose so."""
    from joblint.shell.syntax import commands

    words = 0
    for command in commands(script.statements):
        if command.words[:2] == ("set", "--") and all(command.words) and not words:
            words = len(command.words) - 2
        elif command.words[:1] == ("shift",) and len(command.texts) > 1:
            return words if command.texts[1].strip("\"'${}") == alias else 0
    return 0


def _of_awk(script: Script) -> int:
    """The number in `awk -v i=$INDEX 'NR % 10 == i'`; 0 if there is none."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    for command in commands(script.statements, functions=True):
        if program(command)[0] in ("awk", "gawk", "mawk") and INDEX_NAMES[0] in command.text:
            text = "".join(command.text.split())
            digits = text.partition("NR%")[2]
            number = digits[: len(digits) - len(digits.lstrip("0123456789"))]
            if number and digits[len(number) :].startswith("=="):
                return int(number[:7])
    return 0


def _cases(script: Script, alias: str) -> int:
    """The number of branches of a `case $INDEX` that are numbered from 0, without one for all others; 0 for any other case."""
    from joblint.shell.syntax import Case, children

    left: list[Node] = [script.statements]
    while left:
        node = left.pop()
        if isinstance(node, Case) and node.word.strip("\"'${}") == alias:
            patterns = [script.text[b.start : b.end].partition(")")[0].strip(" (\"'") for b in node.bodies]
            numbers = sorted(p for p in patterns if p.isdecimal())
            whole = len(numbers) == len(patterns) > 1 and set(numbers) == {str(n) for n in range(len(patterns))}
            return len(patterns) if whole else 0
        left.extend(children(node))
    return 0


def _modulus(text: str, alias: str) -> int:
    """The number in `% 8 = $INDEX` or `% 8)) -eq $INDEX`; 0 if there is none."""
    at = text.find("$" + alias)
    at = text.find("${" + alias) if at < 0 else at
    if at < 0:
        return 0
    before = text[max(0, at - 60) : at].rstrip("\"' ")
    sign = next((end for end in ("-eq", "==", "=") if before.endswith(end)), "")
    before = before[: len(before) - len(sign)].rstrip(") \"'") if sign else ""
    rest = before.rstrip("0123456789")
    digits = before[len(rest) :]
    return int(digits) if rest.rstrip().endswith("%") and 0 < len(digits) < 7 else 0


def shard_number_literal(s: Subject) -> Iterator[Hit]:
    """The number of a part is a constant, so that every Pod of the Job does the same part."""
    pods = max(_indexes(s), s.spec.get("completions") or 0, s.prediction.at_once)
    for i, container in enumerate(s.containers):
        if pods < 2 or container.role != "main":
            continue
        found = options_of(s, container, i)
        by_index = {numbered(o.name) for o in found.options if found.holds_index(o.value)}
        totals = {counted(o.name) for o in found.options if o.value.isdecimal()}
        for option in found.options:
            part = numbered(option.name)
            if not option.value.isdecimal() or len(option.value) > 6 or part in by_index or counted(option.name) in by_index:
                continue
            plain = option.name == part and part not in ("shard", "rank", "partition")
            if option.name in _NUMBERS or part in totals and part in _NUMBERED and not plain:
                yield s.hit(option.field, told=option.told, pods=pods, number=option.value, variable=_variable(option, found))
                return
        if _indexes(s) and not any(mark in str(s.pod) for mark in _INDEX_MARKS):
            for word, field in _words(s, i):
                number = _part_in_path(word)
                if number:
                    folder, slash, name = word.rpartition("/")
                    better = folder + slash + name.replace(number, f"$({INDEX_NAMES[0]})", 1)
                    yield s.hit(field, told=short(word), pods=pods, number=number, variable=better)
                    return


_INDEX_MARKS = (*INDEX_NAMES, "HOSTNAME", "hostname", "metadata.name", "metadata.labels")


def _words(s: Subject, index: int) -> Iterator[tuple[str, str]]:
    """The words of a container's command and of its scripts, with their fields."""
    from joblint.shell.syntax import commands

    run = s.runs[index]
    if run.script < 0:
        yield from zip(run.words, run.fields, strict=False)
    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True):
                for text in command.texts:
                    yield text.strip("\"'"), script.field


def _part_in_path(word: str) -> str:
    """The number in the name of an input such as /data/part-0.csv, shard_00.json; "" if it has none."""
    name = word.rpartition("/")[2].partition(".")[0].lower()
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    return number if number and len(number) < 6 and stem[-1:] in ("-", "_") and stem[:-1] in _PARTS and "." in word else ""


def _variable(option: Option, found: Options) -> str:
    return option.told.replace(option.value, f"$({INDEX_NAMES[0]})") if option.told.count(option.value) == 1 else INDEX_NAMES[0]


def completion_index_unused(s: Subject) -> Iterator[Hit]:
    """An Indexed Job whose Pods all do the same: the template does not mention the index, and its programs do not read it."""
    total = _indexes(s)
    if total < 2 or s.pod.get("subdomain") or s.spec.get("successPolicy"):
        return
    text = str(s.pod)
    if any(mark in text for mark in _INDEX_MARKS):
        return
    first = ""
    for i, container in enumerate(s.containers):
        if container.role == "main":
            work = _all_known(s, i)
            if not work:
                return
            first = first or work
    if first:
        yield s.hit(s.spec_at + ".completionMode", total=total, work=first)


def _all_known(s: Subject, index: int) -> str:
    """The first command of a container that does work, in short, if all its programs are known; otherwise ""."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import WORK, program, weight

    run = s.runs[index]
    if run.words and not run.shell:
        return short(" ".join(run.words[run.program :])) if run.sure and run.name in _KNOWN else ""
    found = ""
    scripts = [x for x in s.scripts if x.index == index]
    for script in scripts:
        if script.limit:
            return ""
        for command in commands(script.statements, functions=True):
            name = program(command)[0]
            if name in _KNOWN:
                found = found or short(command.text)
            elif weight(command) == WORK or "$" in name or name in (".", "source", "eval"):
                return ""
    return found


def same_file_written(s: Subject) -> Iterator[Hit]:
    """Pods that run at the same time write the same path of a shared volume: the file is one of theirs, or a mixture."""
    at_once = s.prediction.at_once
    if at_once < 2:
        return
    from joblint.rules.checks.pods.commands import command_hit
    from joblint.rules.checks.pods.writes import writes_of
    from joblint.rules.workload.mounts import clean, mount_of, mounts

    for i, container in enumerate(s.containers):
        shared = mounts(s, container)
        if not any(m.kind in _SHARED and not m.read_only for m in shared) or _one_pod_only(s, i):
            continue
        for write in writes_of(s, container, i):
            mount = mount_of(shared, clean(write.path))
            if not write.exact or mount is None or mount.kind not in _SHARED or mount.read_only or "$" in mount.sub_path:
                continue
            if write.redirect == ">" or not write.redirect and _overwrites(write.program, write.path):
                yield command_hit(
                    s, write.at, path=write.path, command=write.text, at_once=at_once, noun=mount.noun, better=_own(s, write.path)
                )
                return


_SHARED = ("persistentVolumeClaim", "nfs", "csi", "cephfs", "azureFile", "glusterfs")
_OUTPUTS = names("curl wget pg_dump pg_dumpall mysqldump mongodump tee dd python python3 node")


def _overwrites(program: str, path: str) -> bool:
    """Whether a program replaces a file: one of those above, or any other with an option such as --output=FILE."""
    from joblint.shell.writes import is_known

    return program in _OUTPUTS or not is_known(program) and "." in path.rpartition("/")[2]


def _own(s: Subject, path: str) -> str:
    """The path, with what distinguishes the Pods."""
    folder, _, name = path.rpartition("/")
    stem, dot, end = name.partition(".")
    mark = "$JOB_COMPLETION_INDEX" if _indexes(s) else "$HOSTNAME"
    return f"{folder}/{stem}-{mark}{dot}{end}"


def _one_pod_only(s: Subject, index: int) -> bool:
    """Whether a script checks which Pod it is: then only one of them may write."""
    from joblint.shell.syntax import commands

    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True):
                asks = command.words[:1] in (("[",), ("test",), ("[[",), ("flock",))
                if asks and any(mark in command.text for mark in ("INDEX", "HOSTNAME", "RANK", "_ID", "flock")):
                    return True
            if "case " in script.text or "flock" in script.text:
                return True
    return False


def success_before_all_parts(s: Subject) -> Iterator[Hit]:
    """A successPolicy that is met by fewer indexes than there are parts: the other Pods are killed, or never start.

    Source: Kubernetes 1.36.3, pkg/controller/job/success_policy.go.
    """
    total = _indexes(s)
    wanted = _enough(s)
    if not 0 < 2 * wanted <= total:
        return
    for i, container in enumerate(s.containers):
        if container.role != "main":
            continue
        found = options_of(s, container, i)
        for option in found.options:
            part = numbered(option.name)
            if found.holds_index(option.value) and part in _PARTS:
                yield s.hit(s.spec_at + ".successPolicy", wanted=wanted, total=total, told=option.told, part=part)
                return


def _enough(s: Subject) -> int:
    """The fewest indexes whose success meets a rule of the successPolicy; 0 if that is not known."""
    least = 0
    for entry in as_list(as_dict(s.spec.get("successPolicy")).get("rules")):
        rule = as_dict(entry)
        wanted, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
        if isinstance(wanted, int):
            needed = wanted
        elif isinstance(indexes, str):
            needed = _length(indexes)
        else:
            return 0
        least = min(least, needed) if least else needed
    return least


def _length(indexes: str) -> int:
    """The number of indexes in `0,2-4`; 0 if it cannot be read."""
    found = 0
    for piece in indexes.split(","):
        first, dash, last = piece.strip().partition("-")
        if not first.isdecimal() or dash and not last.isdecimal():
            return 0
        found += int(last) - int(first) + 1 if dash else 1
    return found
