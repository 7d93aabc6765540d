"""What commands request: curl's options, calls of the API server by URL, by Python and by Helm."""

from __future__ import annotations

import shlex

import pytest

from joblint.shell.api_urls import api_call
from joblint.shell.busybox import unknown_to_busybox
from joblint.shell.curl import ignores_http_errors
from joblint.shell.helm import helm_call
from joblint.shell.kubectl import Call, call, is_cluster_wide
from joblint.shell.python_client import client_calls
from joblint.shell.settings import stored


@pytest.mark.parametrize(
    ("line", "ignores"),
    [
        ("http://a/b", True),
        ("https://a/b", True),
        ("a.example/b", True),
        ("localhost/b", False),  # a word without a dot may be anything
        ("file:///a.b", False),
        ("/a.b", False),
        ("", False),
        ("-f http://a", False),
        ("--fail http://a", False),
        ("--fail-with-body http://a", False),
        ("-sSf http://a", False),
        ("-sS http://a", True),
        ("-X DELETE http://a", False),
        ("-XDELETE http://a", False),
        ("-X POST http://a", True),
        ("-XPOST http://a", True),
        ("-H f http://a", True),
        ("-Hf http://a", True),
        ("-sH f http://a", True),
        ("-d -f http://a", True),
        ("--data -f http://a", True),
        ("--data=x -f http://a", False),
        ("--output=x http://a", True),
        ("--silent -f http://a", False),
        ("--config x http://a", False),
        ("-K x http://a", False),
        ("--version", False),
        ("-V", False),
        ("-h", False),
        ("-w x http://a", False),
        ("--write-out x http://a", False),
        ("http://a -o x http://b", True),
        ("- http://a", False),
    ],
)
def test_curl_ignores_http_errors(line: str, ignores: bool) -> None:
    assert ignores_http_errors(line.split()) == ignores


@pytest.mark.parametrize(
    ("line", "ignores"),
    [
        ("-w x http://a", True),
        ("--write-out x http://a", True),
        ("--write-out x -f http://a", False),
        ("-sw -f http://a", True),
        ("--config x http://a", False),
    ],
)
def test_curl_shows_a_status_that_nothing_reads(line: str, ignores: bool) -> None:
    assert ignores_http_errors(line.split(), printed=True) == ignores


def _shown(found: Call | None) -> str:
    if found is None:
        return ""
    needs = [" ".join([v, f"{g}/{r}" if g else r, n]).rstrip() for v, g, r, n in found.needs]
    return "; ".join([", ".join(needs), *([f"in {found.namespace}"] if found.namespace else [])])


_URL = "https://kubernetes.default.svc"


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        (f"{_URL}/api/v1/pods", "list pods"),
        (f"{_URL}/api/v1/namespaces/a/pods", "list pods; in a"),
        (f"-s {_URL}/api/v1/namespaces/a/pods/b", "get pods b; in a"),
        (f"{_URL}/api/v1/namespaces/a/pods/$POD", "get pods ?; in a"),
        (f"{_URL}/api/v1/namespaces/a/pods/${{POD}}/log?tail=1", "get pods/log ?; in a"),
        (f"{_URL}/api/v1/namespaces", "list namespaces"),
        (f"{_URL}/api/v1/namespaces/a", "get namespaces a"),
        (f"{_URL}/api/v1/namespaces/$NS/pods", ""),
        (f"{_URL}/api/v1/", ""),
        (f"{_URL}/apis/apps/v1/namespaces/a/deployments/b/scale", "get apps/deployments/scale b; in a"),
        (f"{_URL}/apis/apps/v1/deployments", "list apps/deployments"),
        (f"{_URL}/apis/$GROUP/v1/deployments", ""),
        (f"{_URL}/healthz", ""),
        (f"-X DELETE {_URL}/api/v1/namespaces/a/pods/b", "delete pods b; in a"),
        (f"-X DELETE {_URL}/api/v1/namespaces/a/pods", "deletecollection pods; in a"),
        (f"-XPATCH {_URL}/apis/apps/v1/namespaces/a/deployments/b", "patch apps/deployments b; in a"),
        (f"--request=PUT {_URL}/api/v1/namespaces/a/pods/b", "update pods b; in a"),
        (f"--request post '{_URL}/api/v1/namespaces/a/pods'", "create pods; in a"),
        (f"-X OPTIONS {_URL}/api/v1/namespaces/a/pods", ""),
        (f"-X {_URL}/api/v1/pods", ""),
        ("https://example.com/api/v1/pods", ""),
        ('"$APISERVER/api/v1/pods"', "list pods"),
        ('"https://${KUBERNETES_SERVICE_HOST}/api/v1/pods"', "list pods"),
        ("kubernetes/api/v1/pods", "list pods"),
    ],
)
def test_the_api_server_by_its_url(line: str, needs: str) -> None:
    assert _shown(api_call(line.split())) == needs


def test_a_call_by_url_is_shown_with_its_method() -> None:
    get, post = api_call([f"{_URL}/api/v1/pods"]), api_call(["-X", "POST", f"{_URL}/api/v1/namespaces/a/pods"])
    assert get is not None and get.told == "curl …/pods" and get.verb == ""
    assert post is not None and post.told == "curl -X POST …/pods"


def test_the_python_client() -> None:
    text = (
        "from kubernetes import client, config\nconfig.load_incluster_config()\nv1.delete_namespaced_pod('a', 'b')\n"
        "v1.delete_namespaced_pod('c', 'd')\napps.patch_namespaced_deployment_scale('a', 'b', {})\n"
        "v1.list_pod_for_all_namespaces()\n"
        "v1.read_namespaced_config_map('a', 'b')\nv1.replace_namespaced_secret('a')\ncustom.list_namespaced_custom_object('a')\n"
        "v1.delete_collection_namespaced_pod('a')\nv1.read_namespaced_pod_log('a', 'b')\nv1.read_scale()\n"
    )
    assert [(c.told, _shown(c)) for c in client_calls(text)] == [
        ("delete_namespaced_pod", "delete pods"),
        ("patch_namespaced_deployment_scale", "patch apps/deployments/scale"),
        ("list_pod_for_all_namespaces", "list pods; in *"),
        ("read_namespaced_config_map", "get configmaps"),
        ("replace_namespaced_secret", "update secrets"),
        ("delete_collection_namespaced_pod", "deletecollection pods"),
        ("read_namespaced_pod_log", "get pods/log"),
    ]
    assert not list(client_calls(text.replace("kubernetes", "other")))
    assert not list(client_calls(text.replace("load_incluster_config", "load_kube_config")))
    assert not list(client_calls(text + "#" * 20_000))


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("list", "list secrets"),
        ("ls -n shop", "list secrets; in shop"),
        ("upgrade --install a ./c --namespace=shop", "list secrets, create secrets; in shop"),
        ("install a ./c --namespace shop", "list secrets, create secrets; in shop"),
        ("rollback a", "list secrets"),
        ("install a ./c --dry-run", ""),
        ("list -A", ""),
        ("list --kubeconfig=x", ""),
        ("install a ./c --kube-context x", ""),
        ("template a ./c", ""),
        ("install a -n", ""),
        ("install a -n ''", ""),
        ("install a --namespace=", ""),
        ("-n", ""),
    ],
)
def test_helm_keeps_releases_in_secrets(line: str, needs: str) -> None:
    found = helm_call(shlex.split(line))
    assert _shown(found) == needs
    assert found is None or found.told == found.verb == "helm " + line.split()[0]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("kubectl get pods -A", "list pods; in *"),
        ("kubectl get pods --all-namespaces", "list pods; in *"),
        ("kubectl get pods --namespace shop", "list pods; in shop"),
        ("kubectl get pods -nshop", "list pods; in shop"),
        ("kubectl get pods -n=shop", "list pods; in shop"),
        ("kubectl get pods -n ''", ""),
        ("kubectl get pods --namespace ''", ""),
        ("kubectl get pods --as x", ""),
        ("kubectl get pods --context x", ""),
        ("kubectl get pods -s x", ""),
        ("kubectl get pods -s=x", ""),
        ("docker get pods", ""),
        ("kubectl get ''", ""),
        ("kubectl get pods ''", "get pods ?"),
        ("kubectl exec '' -- ls", "create pods/exec ?"),
        ("kubectl exec -it pod/a -- rm x", "get pods a, create pods/exec a"),
        ("kubectl exec a", "get pods a, create pods/exec a"),
        ("kubectl logs deploy/", "get pods/log ?"),
        ("kubectl rollout undo deploy/a", "get apps/deployments a, patch apps/deployments a"),
        ("kubectl rollout pause deploy/a", "get apps/deployments a, patch apps/deployments a"),
        ("kubectl rollout history deploy/a", "get apps/deployments a"),
        ("kubectl patch deploy a -p {}", "get apps/deployments a, patch apps/deployments a"),
        ("kubectl label pods a b=c d-", "get pods a, patch pods a"),
        ("kubectl set env deploy/a b=c", "get apps/deployments a, patch apps/deployments a"),
        ("kubectl describe pods a b", "get pods a, get pods b"),
        ("kubectl get pods,svc", "list pods, list services"),
        ("kubectl get pods a --field-selector=x=y", "list pods"),
        ("kubectl delete pods a --wait=false", "delete pods a"),
        ("kubectl delete pod/a svc/b", "delete pods a, delete services b"),
        ("kubectl get deployments.v1.apps a", "get apps/deployments a"),
        ("kubectl get deployments.v1.batch a", "get ?/deployments.v1.batch a"),
        ("kubectl get Deployment a", "get apps/deployments a"),
        ("kubectl create cronjob a --image=b --schedule=c", "create batch/cronjobs"),
        ("kubectl create job a --from=widget/b", "create batch/jobs"),
        ("kubectl create job a --from=cronjob/b --dry-run=server", ""),
    ],
)
def test_more_of_kubectl(line: str, shown: str) -> None:
    program, *rest = shlex.split(line)
    assert _shown(call(program, rest)) == shown


@pytest.mark.parametrize(
    ("line", "deletes", "waits"),
    [
        ("delete pod a", [("", "pods")], False),
        ("delete pods --all", [("", "pods")], False),
        ("delete pod/a job/b pod/c", [("", "pods"), ("batch", "jobs")], False),
        ("delete pod a --wait", [("", "pods")], True),
        ("delete pod a --wait=true", [("", "pods")], True),
        ("delete pod a --timeout=60s", [("", "pods")], True),
        ("delete pod a --wait=false", [], False),
        ("delete pod a --wait=F", [], False),
        ("delete pod a --wait=0", [], False),
        ("delete pod a --dry-run=server", [], False),
        ("get pod a --timeout=60s", [], False),
    ],
)
def test_kubectl_waits_for_what_it_deletes(line: str, deletes: list[tuple[str, str]], waits: bool) -> None:
    found = call("kubectl", line.split())
    assert found is not None and (list(found.deletes), found.waits) == (deletes, waits)


def test_what_kubectl_names() -> None:
    found = call("kubectl", ["logs", "-l", "app=a", "-c", "main", "-n", "b"])
    assert found is not None and (found.selector, found.container, found.source, found.verb) == ("app=a", "main", "", "logs")
    found = call("kubectl", ["logs", "x", "--selector=app=a", "--container", "main"])
    assert found is not None and (found.selector, found.container, found.told) == ("app=a", "main", "kubectl logs x")
    found = call("kubectl", ["create", "job", "x", "--from=cronjob/y"])
    assert found is not None and found.source == "cronjob/y"
    found = call("kubectl", ["get", "pods", ""])
    assert found is not None and found.told == "kubectl get pods …"
    assert is_cluster_wide("nodes") and is_cluster_wide("namespaces/status") and not is_cluster_wide("pods")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("grep -P x", "-P"),
        ("grep -oP x", "-oP"),
        ("grep --perl-regexp x", "--perl-regexp"),
        ("grep -- -P", ""),
        ("grep -e x", ""),
        ("egrep -iP x", "-iP"),
        ("find . -printf x", "-printf"),
        ("find . -name P", ""),
        ("xargs -d x", "-d"),
        ("xargs -nd x", ""),
        ("head --lines=5", "--lines"),
        ("head -n5", ""),
        ("df --output=avail", "--output"),
        ("df --outputs=avail", ""),
        ("ls --output", ""),
        ("date -d yesterday", "-d 'yesterday'"),
        ("date -d '7 days ago' +%F", "-d '7 days ago'"),
        ("date -d '2026-01-01 +1 day'", "-d '2026-01-01 +1 day'"),
        ("date -d -1day", ""),
        ("date --date=tomorrow", "--date 'tomorrow'"),
        ("date --date 'next Monday'", "--date 'next Monday'"),
        ("date -dyesterday", "-d 'yesterday'"),
        ("date -d 2026-01-01", ""),
        ("date -D %s -d yesterday", ""),
        ("date -d", ""),
        ("date +%F", ""),
    ],
)
def test_options_that_busybox_lacks(line: str, option: str) -> None:
    name, *rest = shlex.split(line)
    assert unknown_to_busybox(name, rest) == option


@pytest.mark.parametrize(
    ("line", "env", "path"),
    [
        ("kubectl config use-context x", {}, "~/.kube/config"),
        ("kubectl config use-context x --kubeconfig=/a", {}, "/a"),
        ("kubectl config use-context x --kubeconfig /a", {}, "/a"),
        ("kubectl config use-context x --kubeconfig", {}, ""),
        ("kubectl config use-context x", {"KUBECONFIG": "/a"}, "/a"),
        ("kubectl config use-context x", {"KUBECONFIG": "/a:/b"}, ""),
        ("kubectl config view", {}, ""),
        ("kubectl get pods", {}, ""),
        ("oc login x", {}, "~/.kube/config"),
        ("aws eks update-kubeconfig --name x", {}, "~/.kube/config"),
        ("aws configure set region x", {}, "~/.aws/config"),
        ("aws configure list", {}, ""),
        ("aws configure set region x", {"AWS_CONFIG_FILE": "/a"}, "/a"),
        ("gcloud config set project x", {"CLOUDSDK_CONFIG": "/a/"}, "/a/configurations"),
        ("gcloud config set project x", {"CLOUDSDK_CONFIG": ""}, ""),
        ("gcloud config set project x", {}, "~/.config/gcloud/configurations"),
        ("mc alias set a b", {}, "~/.mc/config.json"),
        ("mc -C /a alias set a b", {}, ""),  # an option before the words takes the next one
        ("mc alias set a b --config-dir=/a", {}, "/a/config.json"),
        ("docker login x", {"DOCKER_CONFIG": "/a"}, "/a/config.json"),
        ("helm repo add a b", {}, "~/.config/helm/repositories.yaml"),
        ("helm repo list", {}, ""),
        ("other login", {}, ""),
    ],
)
def test_where_settings_are_stored(line: str, env: dict[str, str], path: str) -> None:
    name, *rest = line.split()
    assert stored(name, rest, env) == path
