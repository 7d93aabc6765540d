"""Environment variables of a container: names, valueFrom and envFrom; knows names, field references and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateEnv, validateEnvVarValueFrom and ValidateEnvFrom.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import (
    is_config_map_key,
    is_dns1123_subdomain,
    is_env_var_name,
    is_relaxed_env_var_name,
    name_is_dns_subdomain,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_ONE_OF = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
_ONE_OF_WITH_FILES = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
_MORE_THAN_ONE = "may not have more than one field specified at a time"


def validate_env(env: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> None:
    """The items of a container's env; `path` is the list's field path."""
    for i, item in enumerate(env):
        name = item.get("name")
        if not name:
            errors.required(f"{path}[{i}].name")
        else:
            _validate_name(name, f"{path}[{i}].name", errors, opts)
        if "valueFrom" in item:
            _validate_value_from(item["valueFrom"], bool(item.get("value")), f"{path}[{i}].valueFrom", errors, opts)


def _validate_name(name: str, path: str, errors: Errors, opts: Gates) -> None:
    # Every value that the old, strict rule accepts is also accepted by the relaxed one.
    messages = is_env_var_name(name)
    if messages and opts.on("RelaxedEnvironmentVariableValidation"):
        messages = is_relaxed_env_var_name(name)
    for message in messages:
        errors.invalid(path, name, message)


def _validate_value_from(source: dict[str, Any], has_value: bool, path: str, errors: Errors, opts: Gates) -> None:
    sources = 0
    if "fieldRef" in source:
        from joblint.api.validate.container.fieldref import ENV_FIELDS, validate_object_field_selector

        sources += 1
        validate_object_field_selector(source["fieldRef"], f"{path}.fieldRef", errors, ENV_FIELDS)
    if "resourceFieldRef" in source:
        from joblint.api.validate.container.fieldref import validate_resource_field_selector

        sources += 1
        validate_resource_field_selector(source["resourceFieldRef"], f"{path}.resourceFieldRef", errors, volume=False)
    for kind in ("configMapKeyRef", "secretKeyRef"):
        if kind in source:
            sources += 1
            _validate_key_selector(source[kind], f"{path}.{kind}", errors)
    if "fileKeyRef" in source:
        sources += 1
        _validate_file_key_selector(source["fileKeyRef"], f"{path}.fileKeyRef", errors)
    if sources == 0:
        errors.invalid(path, "", _ONE_OF_WITH_FILES if opts.on("EnvFiles") else _ONE_OF)
    elif has_value:
        errors.invalid(path, "", "may not be specified when `value` is not empty")
    elif sources > 1:
        errors.invalid(path, "", _MORE_THAN_ONE)


def _validate_key_selector(ref: dict[str, Any], path: str, errors: Errors) -> None:
    name = ref.get("name") or ""
    for message in is_dns1123_subdomain(name):
        errors.invalid(f"{path}.name", name, message)
    key = ref.get("key")
    if not key:
        errors.required(f"{path}.key")
    else:
        for message in is_config_map_key(key):
            errors.invalid(f"{path}.key", key, message)


def _validate_file_key_selector(ref: dict[str, Any], path: str, errors: Errors) -> None:
    from joblint.api.validate.meta.names import is_dns1123_label
    from joblint.api.validate.volume.paths import validate_path_no_backsteps

    key, volume, file = ref.get("key"), ref.get("volumeName"), ref.get("path")
    if not key:
        errors.required(f"{path}.key")
    else:
        for message in is_relaxed_env_var_name(key):
            errors.invalid(f"{path}.key", key, message)
    if not volume:
        errors.required(f"{path}.volumeName")
    else:
        for message in is_dns1123_label(volume):
            errors.invalid(f"{path}.volumeName", volume, message)
    if not file:
        errors.required(f"{path}.path")
    else:
        validate_path_no_backsteps(file, f"{path}.path", errors)


def validate_env_from(env_from: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> None:
    """Validate the items of a container's envFrom; the number of sources in one is reported at the list's own path."""
    for i, item in enumerate(env_from):
        if prefix := item.get("prefix"):
            _validate_name(prefix, f"{path}[{i}].prefix", errors, opts)
        sources = 0
        for kind in ("configMapRef", "secretRef"):
            if kind in item:
                sources += 1
                name = item[kind].get("name")
                if not name:
                    errors.required(f"{path}[{i}].{kind}.name")
                else:
                    # A name that ends in a dash passes: the server treats it as the prefix of a generated one.
                    for message in name_is_dns_subdomain(name, True):
                        errors.invalid(f"{path}[{i}].{kind}.name", name, message)
        if sources == 0:
            errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
        elif sources > 1:
            errors.invalid(path, "", _MORE_THAN_ONE)
