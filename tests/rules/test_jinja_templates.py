"""Jinja templates and envsubst patterns: literals, defaults and loops are read, nothing is said that depends on what fills a
place.

Source: Jinja 3.1 (filters.py do_default: the default of a variable that is not set; parser.py parse_set).
"""

from __future__ import annotations

import pytest

from joblint.source.unrendered.expressions import UNKNOWN
from joblint.source.unrendered.jinja import value_of

from .helper import report_of

JOB = """\
{% set limit = 4 %}
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  backoffLimit: {{ limit }}
  template:
    spec:
{% if slow %}
      restartPolicy: Never
{% else %}
      restartPolicy: {{ policy | default('OnFailure') }}
{% endif %}
      containers:
      - name: main
        image: "{{ image | default('app:1') }}"
        env:
{% for name in ['a', 'b'] %}
        - name: V_{{ name }}
          value: "{{ name }}"
{% endfor %}
        - name: LAST
          value: "5"
"""


def _found(text: str) -> list[tuple[int, str, str]]:
    report = report_of(text)
    assert not report.crashes
    return [(f.span.line, f.rule, f.message) for f in report.findings if f.severity != "info"]


def _places(old: str, new: str) -> list[tuple[int, str]]:
    assert old in JOB
    return [(line, rule) for line, rule, _ in _found(JOB.replace(old, new, 1))]


def test_a_correct_template_is_quiet() -> None:
    assert _found(JOB) == []


def test_variables_that_are_set_to_a_literal() -> None:
    assert _places("limit = 4", "limit = -1") == [(7, "JL118")]
    assert _places("limit = 4", "limit = other") == []
    assert _places("limit = 4 %}", "limit = -1 %}{% set limit = 2 %}") == []
    assert _places("{% set limit = 4 %}", "{% if a %}{% set limit = -1 %}{% endif %}") == []
    assert _places("for name in", "for limit in") == []  # set in a loop as well


def test_defaults_are_told_for_variables_that_are_not_set() -> None:
    ((line, rule, message),) = _found(JOB.replace("'OnFailure'", "'Always'"))
    assert (line, rule) == (13, "JL102")
    assert message.endswith(" Applies in the branch `else` on line 12 if `policy` is not set.")
    ((line, rule, message),) = _found(JOB.replace("limit }}", "limit2 | default(-3) }}"))
    assert (line, rule) == (7, "JL118") and message.endswith(" Applies if `limit2` is not set.")
    assert _places("limit }}", "limit2 | default(3) }}") == []


def test_branches() -> None:
    assert _places("restartPolicy: Never", "restartPolicy: Always") == [(11, "JL102")]
    ((line, _, message),) = _found(JOB.replace("{{ policy | default('OnFailure') }}", "Always"))
    assert line == 13 and "Applies in the branch `else` on line 12." in message
    text = JOB.replace("{% else %}", "{% elif fast %}\n      restartPolicy: Always\n{% else %}")
    ((line, _, message),) = _found(text)
    assert line == 13 and "`elif fast`" in message


def test_what_follows_a_loop_in_a_list() -> None:
    assert _places('value: "5"', "value: 5") == [(24, "JL106")]
    assert _places('value: "{{ name }}"', "value: {{ name }}") == []


@pytest.mark.parametrize(
    ("expression", "value", "name"),
    [
        ("'a'", "a", ""),
        ("known | upper", "KNOWN", ""),
        ("x | default(5) | int", 5, "x"),
        ("x | default('a', true)", "a", "x"),
        ("known | default('a')", "known", ""),
        ("x | replace('a', 'b') | default('c')", UNKNOWN, ""),
        ("x.y | default('c')", UNKNOWN, ""),
        ("x", UNKNOWN, ""),
        ("a ~ b", UNKNOWN, ""),
        ("f('a')", UNKNOWN, ""),
        ("", UNKNOWN, ""),
    ],
)
def test_values_of_expressions(expression: str, value: object, name: str) -> None:
    assert value_of(expression, {"known": "known"}) == (value, name)


@pytest.mark.parametrize(
    ("image", "severity"),
    [
        ("${REG}/App:1", "error"),
        ("${REG}/app:1:2", "error"),
        ("$(REG)/App", "error"),
        ("${REG}/PROJECT/app", "info"),  # a word in capitals is a placeholder, too
        ("${REG}/app:${TAG}", ""),
        ("${IMAGE}", ""),
        ("${REG}App", ""),  # REG may end in "name:"
        ("${REG}/${NAME}", ""),
        ("${{ env.REG }}/App", ""),
        ("$REG/App", ""),
    ],
)
def test_names_of_images_with_variables(image: str, severity: str) -> None:
    text = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n"
        f'      containers:\n      - name: main\n        image: "{image}"\n'
    )
    found = [(f.severity, f.span.line) for f in report_of(text).findings if f.rule == "JL901"]
    assert found == ([(severity, 10)] if severity else [])


LOOP = """\
{% set jobs = [{"name": "a", "policy": "Forbid"}, {"name": "b", "policy": "forbid"}] %}
{% for job in jobs %}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ job.name }}
spec:
  schedule: "0 1 * * *"
  concurrencyPolicy: {{ job.policy }}
  startingDeadlineSeconds: 600
  jobTemplate:
    spec:
      activeDeadlineSeconds: 600
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: app:1
            env:
            {% for key, value in [("A", "1"), ("B", "2")] %}
            - name: {{ key }}
              value: "{{ value }}"
            {% endfor %}
{% endfor %}
"""


def test_a_loop_over_a_list_of_the_template_is_read_for_each_item() -> None:
    ((line, rule, message),) = _found(LOOP)
    assert (line, rule) == (10, "JL117") and message.endswith(" Applies if `job.policy` is `forbid`.")
    assert _found(LOOP.replace('"forbid"', '"Replace"')) == []


def test_entries_that_a_loop_prints() -> None:
    clean = LOOP.replace('"forbid"', '"Replace"')
    ((line, rule, message),) = _found(clean.replace('"{{ value }}"', "{{ value }}").replace('("B", "2")', '("B", "yes")'))
    assert (line, rule) == (24, "JL106") and " Applies if `value` is `" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{% set jobs", "{% set jobs = other %}{% set jobs"),  # which of the two is not known
        ("for job in jobs", "for job in jobs if job.on"),
        ("for job in jobs", "for job in jobs + more"),
        ("{% for key", "{% do jobs.append(x) %}{% for key"),
        ("  startingDead", '  {% if job.policy != "forbid" %}\n  suspend: true\n  {% endif %}\n  startingDead'),
        ("{% set jobs", "{{ job.policy }}{% set jobs"),
    ],
)
def test_loops_whose_items_are_not_known(old: str, new: str) -> None:
    assert old in LOOP
    assert [rule for _, rule, _ in _found(LOOP.replace(old, new, 1))] in ([], ["JL516"])


def test_a_branch_in_one_line_is_unknown() -> None:
    """What it prints begins at the column of its `{%`, not at that of its text in the template."""
    clean = LOOP.replace('"forbid"', '"Replace"')
    assert _found(clean.replace("  concurrencyPolicy", "  {% if x %}suspend: true{% endif %}\n  concurrencyPolicy")) == []
    assert _found(clean.replace("  startingDead", "  {% if x %}suspend: true{% endif %}\n  startingDead")) == []


def test_two_loops_with_a_variable_of_the_same_name_are_not_mixed() -> None:
    volumes = """\
          volumes:
          {% for v in ["x", "y"] %}
          - name: {{ v }}
            emptyDir: {}
          {% endfor %}
          containers:
"""
    mounts = """\
            image: app:1
            volumeMounts:
            {% for v in ["y", "x"] %}
            - name: {{ v }}
              mountPath: /{{ v }}
            {% endfor %}
"""
    text = LOOP.replace('"forbid"', '"Replace"').replace("          containers:\n", volumes)
    assert _found(text.replace("            image: app:1\n", mounts)) == []


def test_two_controllers_whatever_their_uids_are() -> None:
    owner = "  - {apiVersion: batch/v1, kind: CronJob, name: NAME, uid: '{{ uid }}', controller: true}\n"
    owners = "  ownerReferences:\n" + owner.replace("NAME", "a") + owner.replace("NAME", "b")
    assert _places("  name: load\n", "  name: load\n" + owners) == [(7, "JL199")]
    assert _places("  name: load\n", "  name: load\n" + owners.replace("true", "{{ is_controller }}", 1)) == []


def test_a_macro_is_printed_where_it_is_called() -> None:
    macro = """\
{% macro env(name, value) -%}
- name: {{ name }}
  value: "{{ value }}"
{%- endmacro %}
"""
    text = macro + JOB.replace("        env:\n", "        env:\n        {{ env('MODE', 'full') | indent(8) }}\n")
    assert _found(text) == _found(JOB) == []
    wrong = text.replace("restartPolicy: Never", "restartPolicy: Always")
    assert [(line, rule) for line, rule, _ in _found(wrong)] == [(15, "JL102")]
    # One that prints a whole object is read as that object.
    whole = "{% macro job(name) %}\n" + JOB.replace("{% set limit = 4 %}\n", "").replace("{{ limit }}", "-1")
    found = _found(whole + "{% endmacro %}\n{{ job('a') }}\n---\n{{ job('b') }}\n")
    assert [(line, rule) for line, rule, _ in found] == [(7, "JL118")]
