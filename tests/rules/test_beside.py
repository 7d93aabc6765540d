"""Jobs against the objects beside them: which of several objects counts, namespaces, hooks, what nobody can know."""

from __future__ import annotations

import pytest

from .helper import report_of, warnings_of

JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: load, namespace: %s, annotations: {%s}}
spec:
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: %s
      containers:
        - name: main
          image: registry.example.com/load:1.0.0
          envFrom: [{configMapRef: {name: settings}}]
          command: [%s]
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: %s, annotations: {%s}}\ndata: {A: b}\n"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: loader, namespace: a}\n"
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: loader, namespace: a}
rules: [{apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [web-0]}]
"""
BINDING = """
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: loader, namespace: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %s, name: %s}
subjects: [{kind: ServiceAccount, name: loader, namespace: a}]
"""


def job(namespace: str = "a", annotations: str = "", account: str = "loader", command: str = "./load") -> str:
    return JOB % (namespace, annotations, account, command)


def rules(*texts: str) -> set[str]:
    found = {f.rule for f in report_of("\n---\n".join(texts)).findings}
    return found & {"JL630", "JL930", "JL931", "JL932", "JL933", "JL934"}


HOOK = "helm.sh/hook: pre-install"


@pytest.mark.parametrize(
    ("of_job", "of_config", "found"),
    [
        (HOOK, "", True),
        (HOOK, HOOK, False),
        (HOOK, f"{HOOK}, helm.sh/hook-weight: '1'", True),
        (f"{HOOK}, helm.sh/hook-weight: '1'", HOOK, False),
        ("helm.sh/hook: post-install", "", False),
        ("helm.sh/hook: pre-upgrade", "", False),
        ("helm.sh/hook: post-delete", "", True),
        ("helm.sh/hook: 'pre-install,pre-upgrade'", "helm.sh/hook: pre-install", False),
        ("argocd.argoproj.io/hook: PreSync", "", True),
        ("argocd.argoproj.io/hook: PreSync", "argocd.argoproj.io/hook: PreSync", False),
        ("argocd.argoproj.io/hook: PostSync", "", False),
        ("", "", False),
    ],
)
def test_a_hook_finds_what_is_created_before_it(of_job: str, of_config: str, found: bool) -> None:
    assert ("JL630" in rules(CONFIG % ("a", of_config), job(annotations=of_job))) is found


def test_an_object_of_another_namespace_is_another_object() -> None:
    assert rules(CONFIG % ("b", ""), job(annotations=HOOK)) == set()


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("kubectl, get, pod, web-0", False),
        ("kubectl, get, pod, web-1", True),
        ("kubectl, get, pods", True),
        ("kubectl, delete, pod, web-0", True),
        ("sh, -c, 'kubectl get pod $NAME'", False),
        ("kubectl, get, nodes", True),
        ("./load", False),
    ],
)
def test_a_role_allows_what_it_says(command: str, found: bool) -> None:
    texts = (ACCOUNT, ROLE % "Role", BINDING % ("RoleBinding", "Role", "loader"), job(command=command))
    assert ("JL934" in rules(*texts)) is found


def test_a_role_that_is_not_there_may_allow_anything() -> None:
    assert rules(ACCOUNT, BINDING % ("RoleBinding", "ClusterRole", "edit"), job(command="kubectl, get, pods")) == set()


def test_a_role_that_nothing_binds_allows_nothing() -> None:
    assert "JL934" in rules(ACCOUNT, ROLE % "Role", job(command="kubectl, get, pod, web-0"))


def test_a_slip_in_a_name_is_told_unless_the_name_is_there() -> None:
    config = (CONFIG % ("a", "")).replace("settings", "setings")
    assert "JL931" in rules(config, job())
    assert rules(config, CONFIG % ("a", ""), job()) == set()
    assert rules((CONFIG % ("a", "")).replace("settings", "settings2"), job()) == set()
    # kustomize adds a hash to what it generates, and to references to it.
    assert "JL931" in rules(config.replace("setings", "setings-98gtm2tbk4"), job())
    assert rules((CONFIG % ("a", "")).replace("settings", "settings-98gtm2tbk4"), job()) == set()
    assert rules(config.replace("setings", "setings-production"), job()) == set()


def test_values_of_secrets_are_kept_nowhere() -> None:
    from joblint.rules.facts.read_others import facts_of_other
    from joblint.source.documents import read

    (document,) = read(b"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hunter2}\n", "x.yaml")
    assert "hunter2" not in repr(facts_of_other(document, "", document.value))


PARALLEL = """
apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  parallelism: %d
  completions: 20
  template:
    spec:
      restartPolicy: Never
      containers:
        - {name: one, image: "registry.example.com/load:1.0.0", resources: {limits: {memory: %s}}}
        - {name: two, image: "registry.example.com/load:1.0.0", resources: {limits: {memory: 1Gi}}}
"""
PODS = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\nspec: {hard: {%s: '4'}%s}\n"
RANGE = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: range}\nspec: {limits: [{type: Pod, %s: {memory: 2Gi}}]}\n"


@pytest.mark.parametrize(
    ("others", "parallelism", "memory", "rules"),
    [
        (PODS % ("pods", ""), 5, "1Gi", {"JL935"}),
        (PODS % ("count/pods", ""), 5, "1Gi", {"JL935"}),
        (PODS % ("pods", ""), 4, "1Gi", set()),
        (PODS % ("pods", ", scopes: [BestEffort]"), 5, "1Gi", set()),
        # The limits of all containers of a Pod count together.
        (RANGE % "max", 4, "1Gi", set()),
        (RANGE % "max", 4, "1025Mi", {"JL933"}),
        (RANGE % "min", 4, "1Gi", set()),
        (RANGE % "min", 4, "1023Mi", {"JL933"}),
    ],
)
def test_what_a_namespace_allows_a_whole_pod(others: str, parallelism: int, memory: str, rules: set[str]) -> None:
    assert warnings_of(f"{PARALLEL % (parallelism, memory)}---\n{others}") == rules


@pytest.mark.parametrize(
    ("annotations", "told"),
    [
        ('helm.sh/hook-weight: "1"', True),
        ("helm.sh/hook-delete-policy: before-hook-creation", True),
        ('helm.sh/hook: pre-install, helm.sh/hook-weight: "1"', False),
        # Argo CD takes Helm's weight for its wave, and heeds Helm's policy on its own hooks.
        ('helm.sh/hook-weight: "1", argocd.argoproj.io/sync-options: Prune=false', False),
        ("helm.sh/hook-delete-policy: before-hook-creation, argocd.argoproj.io/hook: Sync", False),
        # The key of the hook is misspelled, which is reported instead.
        ('helm.sh/hooks: pre-install, helm.sh/hook-weight: "1"', False),
    ],
)
def test_words_for_hooks_without_a_hook(annotations: str, told: bool) -> None:
    manifest = (JOB % ("a", annotations, "loader", "/load")).replace("{configMapRef: {name: settings}}", "")
    assert ("JL625" in {f.rule for f in report_of(manifest, "1.37", profile="default").findings}) is told


@pytest.mark.parametrize(
    ("pod", "account", "told"),
    [
        ("", "automountServiceAccountToken: false", True),
        ("", "automountServiceAccountToken: true", False),
        # What the Pod says comes before what its ServiceAccount says, and a kubeconfig may come from a Secret.
        ("automountServiceAccountToken: true", "automountServiceAccountToken: false", False),
        ("volumes: [{name: k, secret: {secretName: kubeconfig}}]", "automountServiceAccountToken: false", False),
    ],
)
def test_a_token_that_the_account_does_not_mount(pod: str, account: str, told: bool) -> None:
    manifest = (JOB % ("a", "", "loader", "kubectl, get, pods")).replace("      containers:", f"      {pod}\n      containers:")
    manifest = manifest.replace("          envFrom: [{configMapRef: {name: settings}}]\n", "")
    found = report_of(f"{manifest}---\n{ACCOUNT}{account}\n", "1.37", profile="default")
    assert not found.crashes
    assert ("JL936" in {f.rule for f in found.findings}) is told


@pytest.mark.parametrize(
    ("helm", "argo", "told"),
    [
        ("pre-install,pre-upgrade", "PostSync", True),
        ("post-install", "PreSync", True),
        ("pre-install,pre-upgrade", "PreSync", False),
        ("post-install,pre-upgrade", "PostSync", False),
        ("pre-install", "Sync", False),
    ],
)
def test_hooks_of_two_tools(helm: str, argo: str, told: bool) -> None:
    annotations = f'helm.sh/hook: "{helm}", argocd.argoproj.io/hook: {argo}'
    assert ("JL626" in {f.rule for f in report_of(JOB % ("a", annotations, "loader", "/load"), "1.37").findings}) is told


CLASS = """
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: %s%s}
value: 100
globalDefault: %s
preemptionPolicy: %s
"""
PRIORITY = """
apiVersion: batch/v1
kind: Job
metadata: {name: load%s}
spec:
  template:
    spec:
      restartPolicy: Never
      %s
      containers: [{name: main, image: "registry.example.com/load:1.0.0"}]
"""


@pytest.mark.parametrize(
    ("of_class", "pod", "told"),
    [
        (("low", "", "true", "Never"), "preemptionPolicy: PreemptLowerPriority", True),
        (("low", "", "false", "Never"), "preemptionPolicy: PreemptLowerPriority", False),
        (("low", "", "true", "Never"), "preemptionPolicy: Never", False),
        (("low", "", "false", "Never"), "priorityClassName: low\n      preemptionPolicy: PreemptLowerPriority", True),
        (("low", "", "false", "Never"), "priorityClassName: low\n      priority: 100", False),
        (("low", "", "false", "Never"), "priorityClassName: low\n      priority: 101", True),
        (("low", "", "true", "Never"), "priorityClassName: other\n      priority: 101", False),
    ],
)
def test_a_pod_agrees_with_its_class(of_class: tuple[str, str, str, str], pod: str, told: bool) -> None:
    assert ("JL939" in warnings_of(f"{CLASS % of_class}---\n{PRIORITY % ('', pod)}")) is told


@pytest.mark.parametrize(("annotations", "told"), [("", True), (", annotations: {helm.sh/hook: pre-install}", False)])
def test_a_hook_needs_its_class_before_it(annotations: str, told: bool) -> None:
    job = PRIORITY % (", annotations: {helm.sh/hook: pre-install}", "priorityClassName: low")
    assert ("JL630" in warnings_of(f"{CLASS % ('low', annotations, 'false', 'Never')}---\n{job}")) is told


@pytest.mark.parametrize(("of_binding", "told"), [("", True), (f"{HOOK}, helm.sh/hook-weight: '-1'", False)])
def test_a_hook_needs_its_access_before_it(of_binding: str, told: bool) -> None:
    account = ACCOUNT.replace("namespace: a", f"namespace: a, annotations: {{{HOOK}}}")
    role = (ROLE % "Role").replace("namespace: a", f"namespace: a, annotations: {{{HOOK}}}")
    binding = (BINDING % ("RoleBinding", "Role", "loader")).replace(
        "namespace: a}\nroleRef", f"namespace: a, annotations: {{{of_binding}}}}}\nroleRef"
    )
    load = job(annotations=HOOK).replace("envFrom: [{configMapRef: {name: settings}}]", "")
    assert ("JL630" in warnings_of("---\n".join((account, role, binding, load)))) is told


@pytest.mark.parametrize(
    ("configs", "told"),
    [
        ((("b", ""),), True),
        ((("b", ""), ("a", "")), False),
        ((("b", "reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'"),), False),
    ],
)
def test_a_pod_sees_its_own_namespace_alone(configs: tuple[tuple[str, str], ...], told: bool) -> None:
    assert ("JL938" in warnings_of("---\n".join([CONFIG % c for c in configs] + [job(account="default")]))) is told


def test_an_object_whose_namespace_is_not_known_may_be_in_any() -> None:
    config = (CONFIG % ("b", "")).replace(", namespace: b", "")
    assert "JL938" not in warnings_of(f"{config}---\n{job(account='default')}")


BOUNDS = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: range}\nspec: {limits: [{type: Container, %s}]}\n"
RESOURCES = """
apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - {name: one, image: "registry.example.com/load:1.0.0", resources: {%s}}
"""


@pytest.mark.parametrize(
    ("bounds", "resources", "problem"),
    [
        ("default: {cpu: 500m}", "requests: {cpu: 700m}", "default cpu limit is 500m, and the Pod requests 700m"),
        ("max: {cpu: 500m}", "requests: {cpu: 700m}", "default cpu limit is 500m, and the Pod requests 700m"),
        ("default: {cpu: 500m}", "requests: {cpu: 500m}", ""),
        ("default: {cpu: 500m}", "requests: {cpu: 700m}, limits: {cpu: '1'}", ""),
        ("maxLimitRequestRatio: {cpu: '2'}", "requests: {cpu: 100m}, limits: {cpu: 300m}", "provided ratio is 3.000000"),
        ("maxLimitRequestRatio: {cpu: '2'}", "requests: {cpu: 100m}, limits: {cpu: 200m}", ""),
        ("maxLimitRequestRatio: {cpu: '2'}", "limits: {cpu: 200m}", ""),
        ("maxLimitRequestRatio: {cpu: '2'}", "requests: {cpu: 200m}", "no limit is specified or limit is 0"),
        # A request comes from the limit before the LimitRange sets its own default.
        ("defaultRequest: {cpu: 100m}, maxLimitRequestRatio: {cpu: '2'}", "limits: {cpu: '1'}", ""),
    ],
)
def test_what_a_limit_range_makes_of_a_container(bounds: str, resources: str, problem: str) -> None:
    found = report_of(f"{BOUNDS % bounds}---\n{RESOURCES % resources}", "1.37", profile="default")
    assert not found.crashes
    told = [f.message for f in found.findings if f.rule == "JL933"]
    assert len(told) == bool(problem)
    assert not problem or problem in told[0]


def test_a_secret_with_one_placeholder_has_the_keys_it_has() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {user: shop, password: %s, endpoint: %s}\n"
    load = (PRIORITY % ("", "")).replace(
        "load:1.0.0", 'load:1.0.0", env: [{name: H, valueFrom: {secretKeyRef: {name: db, key: host}}}], workingDir: "/w'
    )
    assert "JL930" in warnings_of(f"{secret % ('change-me', 'db.example.com')}---\n{load}")
    assert "JL930" not in warnings_of(f"{secret.replace('shop', 'changeme') % ('change-me', 'your-db')}---\n{load}")


def test_each_other_kind_is_read() -> None:
    from joblint.rules.facts.read_others import _READ
    from joblint.rules.manifests import OTHERS

    assert set(_READ) == set(OTHERS)
