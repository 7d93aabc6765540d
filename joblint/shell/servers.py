"""Programs and images that serve or watch and therefore never end, as tables with the few words that change that.

Knows names alone. `why` texts are parts of sentences: "nginx …".
"""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ASKS = names("--version -version --help -h -V version help -v -t -T validate check configtest")

# Programs that never end, whatever their words (except those that only print something).
SERVERS = names(
    "nginx httpd apache2 httpd-foreground apache2-foreground redis-server postgres mysqld mysqld_safe mariadbd mongod "
    "mongos rabbitmq-server memcached haproxy traefik envoy varnishd squid named unbound dnsmasq coredns sshd dockerd "
    "containerd gunicorn uvicorn hypercorn daphne waitress-serve uwsgi puma unicorn thin php-fpm sidekiq resque crond "
    "supervisord runsvdir prometheus alertmanager grafana-server loki promtail telegraf fluentd fluent-bit filebeat "
    "metricbeat vector otelcol otelcol-contrib otel-collector td-agent statsd_exporter cloud_sql_proxy "
    "cloud-sql-proxy alloydb-auth-proxy oauth2-proxy pgbouncer pgpool proxysql cloudflared pilot-agent linkerd2-proxy "
    "kube-rbac-proxy daprd jaeger-agent jaeger-collector http-echo zookeeper-server-start.sh kafka-server-start.sh "
    "jupyterhub jupyter-lab jupyter-notebook tensorboard code-server nodemon agent-proxy tailscaled envoy-proxy "
    "vmagent mailhog mailpit toxiproxy-server nats-server ollama xray etcd"
)

# Programs that run in the background unless a word contains this.
_FOREGROUND = {
    "nginx": "daemon off",
    "httpd": "FOREGROUND",
    "apache2": "FOREGROUND",
    "sshd": "-D",
    "crond": "-f",
    "supervisord": "-n",
    "squid": "-N",
    "dnsmasq": "-k",
    "varnishd": "-F",
    "unbound": "-d",
    "named": "-",
}
_DAEMON = frozenset(("--daemonize", "--daemon", "--fork", "-daemon", "--daemon=true", "--detach"))

CLEAN_AFTER_TERM = names(
    "postgres nginx httpd apache2 redis-server valkey-server mysqld mariadbd mongod haproxy envoy memcached etcd"
)
"""Servers whose exit code after SIGTERM is 0 (postgresql.org, "Shutting Down the Server"; the others' own documentation)."""

# program → words, each of which makes it a server.
_WITH = {
    "caddy": ("run", "file-server", "reverse-proxy"),
    "minio": ("server", "gateway"),
    "consul": ("agent", "connect"),
    "vault": ("server",),
    "flask": ("run",),
    "rails": ("server", "s"),
    "next": ("start", "dev"),
    "vite": ("dev", "serve", "preview"),
    "streamlit": ("run",),
    "mlflow": ("server", "ui"),
    "dagster": ("dev",),
    "dagster-webserver": ("",),
    "prefect": ("server", "agent", "worker"),
    "airflow": ("webserver", "scheduler", "triggerer", "standalone"),
    "jupyter": ("lab", "notebook", "server"),
    "celery": ("worker", "beat", "flower"),
    "ray": ("--block",),
    "vllm": ("serve",),
    "kubectl": ("proxy", "port-forward"),
    "oc": ("port-forward",),
    "iperf3": ("-s", "--server"),
    "iperf": ("-s", "--server"),
    "php": ("-S",),
    "npm": ("start",),
    "yarn": ("start", "dev", "serve"),
    "pnpm": ("start", "dev", "serve"),
    "bun": ("start", "dev"),
    "serve": ("",),
    "http-server": ("",),
    "ngrok": ("http", "tcp", "start"),
    "registry": ("serve",),
    "dex": ("serve",),
    "hydra": ("serve",),
    "temporal": ("server",),
    "nomad": ("agent",),
    "teleport": ("start",),
    "localstack": ("start",),
    "cron": ("-f",),
}
_MODULES = names("uvicorn gunicorn hypercorn waitress http.server SimpleHTTPServer smtpd")
"""Modules of Python that serve: `python -m http.server`."""
_NPM_SCRIPTS = ("start", "serve", "dev", "server", "watch")
_ARTISAN = ("serve", "queue:work", "queue:listen", "schedule:work", "horizon", "octane:start")

# Images (the last part of their path) that serve if no command is given.
IMAGES = names(
    "nginx nginx-unprivileged httpd caddy haproxy traefik redis valkey keydb postgres postgresql postgis pgvector "
    "mysql mariadb percona mongo mongodb rabbitmq memcached elasticsearch opensearch kibana grafana prometheus "
    "alertmanager loki registry tomcat jetty wordpress ghost nextcloud consul etcd envoy zookeeper kafka cassandra "
    "influxdb neo4j nats jenkins sonarqube keycloak http-echo podinfo echo-server echoserver hello-app whoami adminer "
    "phpmyadmin pgadmin4 mailhog mailpit couchdb solr clickhouse-server localstack jaeger all-in-one pause "
    "pause-amd64 cloud-sql-proxy gce-proxy cloudsql-proxy alloydb-auth-proxy oauth2-proxy fluentd fluent-bit filebeat "
    "metricbeat vector promtail proxyv2 pgbouncer proxysql opentelemetry-collector opentelemetry-collector-contrib "
    "otel-collector squid cloudflared tailscale statsd-exporter kube-rbac-proxy daprd jaeger-agent telegraf coredns "
    "varnish uwsgi-nginx-flask minio vault code-server jupyter httpbin dind selenium standalone-chrome "
    "standalone-firefox browserless toxiproxy redis-stack qdrant weaviate ollama nginx-ingress aws-otel-collector "
    "cloudwatch-agent datadog-agent agent-datadog consul-dataplane proxy-init-linkerd linkerd-proxy"
)
# Exporters of Prometheus. Other names that end so may be of programs that export something and end.
_EXPORTERS = names(
    "node-exporter mysqld-exporter mysql-exporter postgres-exporter redis-exporter mongodb-exporter blackbox-exporter "
    "memcached-exporter nginx-exporter nginx-prometheus-exporter apache-exporter kafka-exporter rabbitmq-exporter "
    "elasticsearch-exporter snmp-exporter jmx-exporter statsd-exporter consul-exporter pgbouncer-exporter "
    "clickhouse-exporter process-exporter haproxy-exporter php-fpm-exporter dcgm-exporter cloudwatch-exporter"
)
# Images whose entrypoint runs the server if the first argument begins with a dash, and otherwise runs the arguments.
_RUNS_WORDS = names(
    "nginx nginx-unprivileged httpd redis valkey postgres postgis pgvector mysql mariadb percona mongo rabbitmq "
    "memcached wordpress ghost nextcloud cassandra tomcat jetty caddy haproxy zookeeper elasticsearch influxdb neo4j "
    "solr traefik"
)
# Images without an entrypoint: the first argument is the program (registry.k8s.io/etcd, quay.io/coreos/etcd: `etcdctl …`).
_NO_ENTRYPOINT = names("etcd")
# Arguments that these images' programs need to run indefinitely, or that make them end.
_NEEDS = {"minio": ("server", "gateway"), "vault": ("server", "agent", "proxy")}
_ENDS = names(
    "-exit-zero --exit-zero -exit-after-auth --exit-after-auth --exit-after-auth=true -exit-after-auth=true --once -once "
    "--oneshot garbage-collect"
)
# Programs that do one thing and end, if they get such words.
_ONE_SHOT = names("--once --one-shot --oneshot --stop-when-empty --burst -o --max-jobs --max-time --check-config")


def image_name(image: str) -> tuple[str, str]:
    """Return name and tag: `docker.io/library/nginx:1.27@sha256:…` → `nginx`, `1.27`."""
    plain = image.partition("@")[0]
    last = plain.rsplit("/", 1)[-1]
    name, _, tag = last.partition(":")
    return name, tag


def serving_program(name: str, rest: Sequence[str]) -> str:
    """Return what serves, as it would be typed (`python -m http.server`); "" if the program ends by itself or is not known."""
    if rest and rest[0] == "wait":
        return ""  # waits for the server, and ends
    if name in SERVERS:
        return name if _serves(name, rest) else ""
    if name in _WITH:
        if not _DAEMON.isdisjoint(rest):  # `yarn --daemon start` is Hadoop's
            return ""
        word = next((w for w in _WITH[name] if w == "" or w in rest), None)
        if word is not None:
            return f"{name} {word}".strip()
    found = _SERVING.get("python" if name.startswith("python") else name)
    return found(name, rest) if found is not None else ""


def _serves(name: str, rest: Sequence[str]) -> bool:
    """Whether one of SERVERS stays in the foreground with these words."""
    if len(rest) == 1 and rest[0] in _ASKS or not _ENDS.isdisjoint(rest) or not _DAEMON.isdisjoint(rest):
        return False
    if name in _FOREGROUND and not any(_FOREGROUND[name] in word for word in rest):
        return False
    if name == "ollama":
        return tuple(rest[:1]) == ("serve",)
    only_checks = {"haproxy": "-c", "nginx": "-t", "envoy": "validate"}.get(name)
    return only_checks is None or only_checks not in rest and f"--mode={only_checks}" not in rest


def _package_script(name: str, rest: Sequence[str]) -> str:
    """`npm run serve`, if the script's name says that it serves."""
    runs = len(rest) > 1 and rest[0] == "run" and rest[1].split(":")[0] in _NPM_SCRIPTS
    return f"{name} run {rest[1]}" if runs else ""


def _python(name: str, rest: Sequence[str]) -> str:
    if "-m" in rest:
        at = list(rest).index("-m")
        module = rest[at + 1] if at + 1 < len(rest) else ""
        if module in _MODULES:
            return f"{name} -m {module}"
        return serving_program(module, rest[at + 2 :]) if module in ("flask", "celery", "streamlit") else ""
    return f"{name} manage.py runserver" if "runserver" in rest else ""


def _manage(name: str, rest: Sequence[str]) -> str:
    return f"{name} runserver" if "runserver" in rest else ""


def _php(name: str, rest: Sequence[str]) -> str:
    serves = len(rest) > 1 and rest[0] == "artisan" and rest[1] in _ARTISAN and _ONE_SHOT.isdisjoint(rest)
    return f"{name} artisan {rest[1]}" if serves else ""


def _rq(name: str, rest: Sequence[str]) -> str:
    return f"{name} worker" if "worker" in rest and {"-b", "--burst"}.isdisjoint(rest) else ""


def _vault(name: str, rest: Sequence[str]) -> str:
    return f"{name} {rest[0]}" if rest and rest[0] in ("agent", "proxy") and _ENDS.isdisjoint(rest) else ""


def _socat(name: str, rest: Sequence[str]) -> str:
    return f"{name} … LISTEN" if any("LISTEN" in w.upper() and "fork" in w for w in rest) else ""


def _netcat(name: str, rest: Sequence[str]) -> str:
    return "" if {"-k", "-lk", "-kl", "--keep-open"}.isdisjoint(rest) else f"{name} -k"


def _ssh(name: str, rest: Sequence[str]) -> str:
    tunnel = any(w.startswith("-") and "N" in w and not w.startswith("-o") for w in rest)
    return f"{name} -N" if tunnel else ""


_SERVING: dict[str, Callable[[str, Sequence[str]], str]] = {
    **dict.fromkeys(("npm", "yarn", "pnpm", "bun"), _package_script),
    **dict.fromkeys(("python", "pypy", "pypy3"), _python),
    **dict.fromkeys(("nc", "ncat", "netcat"), _netcat),
    **dict.fromkeys(("ssh", "autossh"), _ssh),
    "manage.py": _manage,
    "php": _php,
    "rq": _rq,
    "socat": _socat,
    "vault": _vault,
}
"""The programs that serve only with certain words, which a list of words does not express."""


def serving_image(image: str, args: Sequence[str]) -> str:
    """Return the name of a server's image that serves with these arguments and no command; "" if it does not, or is not
    known."""
    name, tag = image_name(image)
    if name == "docker" and "dind" in tag:
        name = "docker:dind"
    elif name == "php" and ("apache" in tag or "fpm" in tag):
        name = f"php:{tag}"
    elif name == "agent" and "datadog" in image:
        name = "datadog/agent"
    elif name == "proxy" and "linkerd" in image:
        name = "linkerd/proxy"
    elif name not in IMAGES and not name.endswith("_exporter") and name not in _EXPORTERS:
        return ""
    if not args:
        return "" if name in ("minio",) else name
    if args[0] == "wait" or not _ENDS.isdisjoint(args) or len(args) == 1 and args[0] in _ASKS:
        return ""
    if name in _NEEDS:
        return f"{name} {args[0]}" if args[0] in _NEEDS[name] else ""
    if name in _RUNS_WORDS and not args[0].startswith("-"):
        return ""
    if name in _NO_ENTRYPOINT and not args[0].startswith("-"):
        return serving_program(args[0].rsplit("/", 1)[-1], args[1:])
    return name
