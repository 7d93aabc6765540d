"""How libyaml is reached: with and without ruamel.yaml loaded, and where its C part is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_lean_start_loads_nothing_of_ruamel_yaml() -> None:
    out = run(
        "import sys\n"
        "from joblint.source.reading import libyaml\n"
        "libyaml.prefer_lean(); libyaml.prefer_lean()\n"
        "from joblint.source.documents import read\n"
        "from joblint.source.reading.load import load\n"
        "(d,) = read(b'a: [1, {b: &x c}]\\nd: *x\\n', 'x')\n"
        "print(d.value, d.span('a[1].b').column, load(b'a: b').reader)\n"
        "print(sorted(m for m in sys.modules if m in ('ruamel.yaml', 'ruamel.yaml.events', 're', 'typing', 'enum', 'json')))\n"
    )
    assert out == ["{'a': [1, {'b': 'c'}], 'd': 'c'} 12 libyaml", "[]"]


def test_errors_after_a_lean_start() -> None:
    out = run(
        "from joblint.source.reading import libyaml\n"
        "libyaml.prefer_lean()\n"
        "from joblint.source.documents import read\n"
        "for text in (b'a: b: c', b'a: \\xff', b'a: [', b'a: \\x01', b'{a: b:c}', b'a: b\\n...\\nc'):\n"
        "    print([d.value or d.problems[0].span.column for d in read(text, 'x')])\n"
    )
    assert out == ["[5]", "[4]", "[4]", "[4]", "[{'a': 'b:c'}]", "[{'a': 'b'}]"]


def test_nothing_is_replaced_where_ruamel_yaml_is_in_use() -> None:
    out = run(
        "import ruamel.yaml, _ruamel_yaml\n"
        "from joblint.source.reading import libyaml\n"
        "libyaml.prefer_lean()\n"
        "print(_ruamel_yaml.ScalarEvent is ruamel.yaml.events.ScalarEvent)\n"
        "from joblint.source.reading.load import load\n"
        "print(load(b'a: &x !!str 1\\nb: [*x]\\n'))\n"
    )
    assert out == ["True", "Loaded(value={'a': '1', 'b': ['1']}, notes=4, reader='libyaml', error=None)"]


def test_without_the_c_part() -> None:
    out = run(
        "import sys\n"
        "sys.modules['_ruamel_yaml'] = None\n"
        "from joblint.source.reading import libyaml\n"
        "libyaml.prefer_lean()\n"
        "from joblint.source.documents import read\n"
        "(d,) = read(b'a: [1, {b: &x c}]\\nd: *x\\n', 'x')\n"
        "print(d.value, d.span('a[1].b').column, libyaml.parse(b''))\n"
        "print(read(b'a: b: c', 'x')[0].problems[0].span.column)\n"
        "print('ruamel.yaml' in sys.modules)\n"
    )
    assert out == ["{'a': [1, {'b': 'c'}], 'd': 'c'} 12 None", "5", "False"]
