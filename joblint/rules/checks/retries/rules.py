"""Rules of a podFailurePolicy compared with the limits: which limit they make ineffective."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_ORDINARY = (1, 2)
"""The exit codes that almost every program uses for almost every error."""


def ignored_failures_defeat_limit(s: Subject) -> Iterator[Hit]:
    """Ignore on an ordinary exit code: such failures are not counted, so the limit never fails the Job."""
    limit = "backoffLimitPerIndex" if "backoffLimitPerIndex" in s.sent_spec else "backoffLimit"
    deadline = s.prediction.deadline
    if limit not in s.sent_spec or not deadline:
        return  # ignored-failures-never-end reports it if there is no deadline
    for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        if as_dict(rule).get("action") != "Ignore" or not codes:
            continue
        name = codes.get("containerName")
        if name and not any(c.name == name and c.role == "main" for c in s.containers):
            continue
        from joblint.controller.prediction.what_if import attempts_fail, ended_by

        for code in _ORDINARY:
            if _matches(codes, code) and ended_by(attempts_fail(s.prediction, code)) == "activeDeadlineSeconds":
                yield s.hit(
                    f"{s.spec_at}.podFailurePolicy.rules[{i}].action",
                    code=code,
                    limit=f"{limit}: {s.sent_spec[limit]}",
                    deadline=duration(deadline),
                )
                return


def failure_rule_fails_all(s: Subject) -> Iterator[Hit]:
    """FailJob on every exit code that a program can return: backoffLimit is set, but no failure of the program is retried."""
    if s.sent_spec.get("backoffLimit") in (None, 0) or not s.mains:
        return
    for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        if not codes:
            continue
        name = codes.get("containerName")
        if rule.get("action") != "FailJob" or name and (len(s.mains) > 1 or name != s.mains[0].name):
            return  # an earlier rule may match some of the codes
        if all(_matches(codes, code) for code in range(1, 256)):
            from joblint.controller.prediction.what_if import attempts_fail, ended_by

            if ended_by(attempts_fail(s.prediction, 1)) == "podFailurePolicy":
                at = f"{s.spec_at}.podFailurePolicy.rules[{i}].onExitCodes"
                yield s.hit(at, n=i, limit=s.sent_spec["backoffLimit"])
            return


def _matches(codes: dict[str, object], code: int) -> bool:
    return (code in as_list(codes.get("values"))) == (codes.get("operator") == "In")


def failure_rule_matches_init_container(s: Subject) -> Iterator[Hit]:
    """FailJob without containerName also applies to init containers: one that finds its service unreachable fails the Job at
    once.

    Source: Kubernetes 1.36.3, pkg/controller/job/pod_failure_policy.go, getMatchingContainerFromList.
    """
    from joblint.shell.services import service_of

    inits = [(i, c) for i, c in enumerate(s.containers) if c.role == "init"]
    if not inits or s.pod.get("restartPolicy") != "Never" or s.prediction.retry_limit < 1:
        return
    for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        if as_dict(rule).get("action") != "FailJob" or not codes or codes.get("containerName"):
            continue
        for index, container in inits:
            asked = next((x for x in map(service_of, _commands(s, index)) if x), None)
            if asked is None:
                continue
            code = next((c for c in (*_codes(s, index), *_ORDINARY) if _matches(codes, c)), 0)
            if code and _fails_at_once(s, container, code):
                yield s.hit(
                    f"{s.spec_at}.podFailurePolicy.rules[{i}].onExitCodes",
                    n=i,
                    container=container.name,
                    asked=short(asked),
                    code=code,
                    limit=s.prediction.retry_limit,
                    main=s.mains[0].name if s.mains else "main",
                )
                return


def _fails_at_once(s: Subject, container: ContainerRef, code: int) -> bool:
    from joblint.controller.prediction.what_if import container_fails, ended_by

    run = container_fails(s.prediction, container.name, code)
    return ended_by(run) == "podFailurePolicy" and run.pods <= s.prediction.at_once


def _commands(s: Subject, index: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The programs of a container with their words."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    run = s.runs[index]
    if run.words and not run.shell:
        yield run.name, run.rest
    for script in s.scripts:
        if script.index == index:
            for command in commands(script.statements, functions=True):
                yield program(command)


def _codes(s: Subject, index: int) -> list[int]:
    """The exit codes in a container's script: `exit 2`."""
    found = []
    for name, rest in _commands(s, index):
        if name == "exit" and rest and rest[0].isdecimal() and 0 < int(rest[0][:4]) < 256:
            found.append(int(rest[0]))
    return found
