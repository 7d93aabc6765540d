"""The path of a manifest through a create request: decode, default, prepare, validate, warn.

Knows the order of these steps and how a response is put together; no rule of validation is here.
Source: Kubernetes 1.36.3; what kubectl does before is in request.py.
"""

from __future__ import annotations

from joblint.api.create.decode import decode, tidy
from joblint.api.create.defaults import set_defaults
from joblint.api.create.dropped import drop_disabled
from joblint.api.create.prepare import store_form, with_generated
from joblint.api.create.request import API_VERSION, KINDS, refusal, sent
from joblint.api.create.validation import NO_COMPLETIONS, validate_create
from joblint.api.verdict import ApiError, Verdict
from joblint.api.version import versions
from joblint.api.warn.job import warnings_for_create


def judge(value: object, version: str = versions.DEFAULT) -> Verdict | None:
    """Return the server's verdict on one object as kubectl would send it, or None for what does not concern joblint.

    `value` is plain JSON data and is not changed. None: neither a Job nor a CronJob, nor meant as one (joblint.api.ours).
    Raises WrongInput for a version that joblint does not know.
    """
    gates = versions.gates(version)
    if not isinstance(value, dict) or value.get("kind") not in KINDS or value.get("apiVersion") != API_VERSION:
        from joblint.api.ours import is_ours

        return Verdict(False, "decode", (ApiError("Decode", "", refusal(value)),), ()) if is_ours(value) else None
    decoded = decode(sent(value), gates)
    if decoded.failure is not None:
        return Verdict(False, "decode", (decoded.failure,), ())
    obj = decoded.obj
    set_defaults(obj, gates)
    warned = store_form(obj)
    dropped = drop_disabled(obj, gates)
    prepared = with_generated(obj)
    errors = validate_create(prepared, gates).found
    if errors and not gates.has("LengthsInBytes"):
        from joblint.api.version.wording import in_characters

        errors = in_characters(errors)
    warnings = () if errors or decoded.unknown else warnings_for_create(prepared, gates)
    tidy(decoded)
    if errors or decoded.unknown:
        # Behind an unknown field a server never comes to where its own validation would fail.
        validated = bool(errors) and not (decoded.unknown and errors[0].detail == NO_COMPLETIONS)
        return Verdict(False, "validate" if validated else "strict", (*decoded.unknown, *errors), (), obj, dropped)
    return Verdict(True, None, (), warned + warnings, obj, dropped)
