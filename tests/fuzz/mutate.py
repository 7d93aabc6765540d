# ruff: noqa: E501 - inputs, one beside another
"""Changes to an input that leave most of it standing: lines and values of YAML, words, and single bytes."""

from __future__ import annotations

import re
from random import Random

from tests.robust.test_injection import EVIL

VALUES = (
    b"0", b"1", b"-1", b"2147483647", b"2147483648", b"9223372036854775807", b"9223372036854775808", b"1e3", b"1e400", b"0x1F", b"1_000",
    b"0o7", b".inf", b".nan", b"~", b"null", b"true", b"yes", b"''", b'""', b"[]", b"{}", b"[[]]", b"{a: b}", b"[~]", b"{{ x }}", b"${X}",
    b"$(A)", b"*a", b"&a", b"&a x", b"!!binary aGk=", b"!x y", b"2026-01-01", b"1:30", b"|", b">-", b"<<: *a", b"'", b'"', b"#", b"\t",
    b"Indexed", b"Never", b"OnFailure", b"Always", b"0 3 * * *", b"a/b", b"a" * 70, "é€😀".encode(), b"\xff", b"\x00", b"\xef\xbb\xbf",
    b"\r\n", b"\xc2\x85", b"\xe2\x80\xa8", b"---\n", b"...\n", b"1Gi", b"100m", b"-0", b"? x", b"- ", b": ", b"%YAML 1.1\n", b"$patch: delete",
)  # fmt: skip
_FIELDS = (
    "activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions manualSelector maxFailedIndexes "
    "parallelism podFailurePolicy podReplacementPolicy selector successPolicy suspend ttlSecondsAfterFinished managedBy "
    "schedule timeZone concurrencyPolicy startingDeadlineSeconds jobTemplate successfulJobsHistoryLimit "
    "failedJobsHistoryLimit template spec metadata name namespace labels annotations generateName ownerReferences "
    "finalizers status apiVersion kind items containers initContainers ephemeralContainers image command args env envFrom "
    "ports resources limits requests volumeMounts volumes livenessProbe readinessProbe startupProbe lifecycle "
    "securityContext restartPolicy terminationGracePeriodSeconds nodeSelector affinity tolerations "
    "topologySpreadConstraints serviceAccountName imagePullPolicy imagePullSecrets hostNetwork dnsPolicy schedulingGates "
    "overhead priorityClassName rules action onExitCodes onPodConditions operator values "
)
FIELDS = tuple(_FIELDS.encode().split())
_LINE = re.compile(rb"^(\s*(?:- )*)([A-Za-z0-9_./-]+):(?: (.*))?$")


def mutated(data: bytes, random: Random, pool: tuple[bytes, ...], most: int = 6000) -> bytes:
    """An input with one to four changes; `pool` is what pieces are taken from. At most `most` bytes."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        data = random.choice(_WAYS)(data, random, pool)
    return data[:most]


def _value(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """Another value for a key."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    found = _LINE.match(lines[at])
    if found:
        lines[at] = found[1] + found[2] + b": " + _odd(random)
    else:
        lines[at] += _odd(random)
    return b"\n".join(lines)


def _field(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """A field more, beside another one."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    found = _LINE.match(lines[at])
    indent = b" " * len(found[1]) if found else b""
    lines.insert(at + 1, indent + random.choice(FIELDS) + b": " + _odd(random))
    return b"\n".join(lines)


def _key(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """Another name for a key."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    found = _LINE.match(lines[at])
    if found:
        key = random.choice((random.choice(FIELDS), _odd(random), found[2].swapcase(), found[2][:-1]))
        lines[at] = found[1] + key + b":" + (b" " + found[3] if found[3] is not None else b"")
    return b"\n".join(lines)


def _lines(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """Lines that are gone, twice there, moved, indented otherwise, or another input's."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    end = min(len(lines), at + random.choice((1, 1, 2, 3, 8)))
    taken = lines[at:end]
    way = random.randrange(6)
    if way == 0:
        del lines[at:end]
    elif way == 1:
        lines[at:at] = taken
    elif way == 2:
        del lines[at:end]
        to = random.randrange(len(lines) + 1)
        lines[to:to] = taken
    elif way == 3:
        lines[at:end] = [random.choice((b" ", b"  ", b"- ", b"\t", b"")) + line for line in taken]
    elif way == 4:
        lines[at:end] = [line[random.choice((1, 2)) :] for line in taken]
    else:
        other = random.choice(pool).split(b"\n")
        begin = random.randrange(len(other))
        lines[at:end] = other[begin : begin + random.choice((1, 2, 5, 20))]
    return b"\n".join(lines)


def _comment(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """A comment in a place where YAML mostly takes one."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    text = b"# " + random.choice((b"c", b"joblint: ignore[JL101]", b"joblint: ignore", _odd(random)))
    if random.random() < 0.5:
        lines[at] += b"  " + text
    else:
        lines.insert(at, b" " * random.randrange(8) + text)
    return b"\n".join(lines)


def _bytes(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """A few bytes gone, twice there, or others."""
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((0, 0, 1, 1, 2, 5, 20)))
    way = random.randrange(4)
    if way == 0:
        return data[:at] + data[end:]
    if way == 1:
        return data[:at] + _odd(random) + data[end:]
    if way == 2:
        return data[:at] + bytes([random.randrange(256)]) + data[end:]
    return data[:end] + data[at:end] * random.choice((1, 2, 10)) + data[end:]


def _word(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """A word of another input in the place of one."""
    words, others = re.split(rb"(\W+)", data), re.split(rb"(\W+)", random.choice(pool))
    words[random.randrange(len(words))] = random.choice(others)
    return b"".join(words)


def _ends(data: bytes, random: Random, pool: tuple[bytes, ...]) -> bytes:
    """Other ends of lines, a cut, two inputs in one."""
    way = random.randrange(5)
    if way == 0:
        return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if way == 1:
        return data.replace(b"\n", b"\r")
    if way == 2:
        return data[: random.randrange(len(data) + 1)]
    if way == 3:
        return data + b"\n---\n" + random.choice(pool)
    return b"apiVersion: v1\nkind: List\nitems:\n- " + data.replace(b"\n", b"\n  ")


def _odd(random: Random) -> bytes:
    if random.random() < 0.2:
        return random.choice(EVIL).encode()
    if random.random() < 0.2:
        return str(random.choice((random.randrange(-5, 20), random.randrange(-(2**70), 2**70), random.random()))).encode()
    return random.choice(VALUES)


_WAYS = (_value, _value, _value, _field, _field, _key, _lines, _lines, _comment, _bytes, _bytes, _word, _ends)
