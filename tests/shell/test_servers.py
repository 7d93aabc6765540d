"""Which commands serve, and therefore never end."""

from __future__ import annotations

import pytest

from joblint.shell.servers import serving_image, serving_program


@pytest.mark.parametrize(
    ("command", "serves"),
    [
        ("nginx -g daemon-off;", ""),
        ("nginx -g daemon off;", "nginx"),
        ("nginx -t", ""),
        ("httpd -DFOREGROUND", "httpd"),
        ("httpd", ""),
        ("haproxy -f /etc/haproxy.cfg", "haproxy"),
        ("haproxy -c -f /etc/haproxy.cfg", ""),
        ("envoy --mode=validate -c /etc/envoy.yaml", ""),
        ("envoy --mode validate", ""),
        ("ollama serve", "ollama"),
        ("ollama pull llama3", ""),
        ("pilot-agent wait", ""),
        ("redis-server --version", ""),
        ("vault agent -config=/vault/agent.hcl", "vault agent"),
        ("vault agent -exit-after-auth -config=/vault/agent.hcl", ""),
        ("vault server -dev", "vault server"),
        ("vault kv get secret/db", ""),
        ("npm run serve:prod", "npm run serve:prod"),
        ("npm run build", ""),
        ("npm start", "npm start"),
        ("yarn --daemon start", ""),
        ("php -S 0.0.0.0:80", "php -S"),
        ("php artisan queue:work", "php artisan queue:work"),
        ("php artisan queue:work --stop-when-empty", ""),
        ("python3.12 -m http.server", "python3.12 -m http.server"),
        ("python -m flask run", "flask run"),
        ("python -m pytest", ""),
        ("python manage.py runserver", "python manage.py runserver"),
        ("manage.py migrate", ""),
        ("rq worker", "rq worker"),
        ("rq worker --burst", ""),
        ("socat TCP-LISTEN:80,fork TCP:db:80", "socat … LISTEN"),
        ("nc -lk 80", "nc -k"),
        ("nc -z db 5432", ""),
        ("ssh -N -L 5432:db:5432 bastion", "ssh -N"),
        ("ssh -oNumberOfPasswordPrompts=0 host uptime", ""),
    ],
)
def test_program(command: str, serves: str) -> None:
    name, *words = command.replace("daemon off;", "daemon_off;").split()
    assert serving_program(name, [word.replace("daemon_off;", "daemon off;") for word in words]) == serves


@pytest.mark.parametrize(
    ("image", "arguments", "serves"),
    [
        ("docker.io/library/nginx:1.27@sha256:abc", [], "nginx"),
        ("postgres:17", ["psql", "-c", "SELECT 1"], ""),
        ("postgres:17", ["-c", "max_connections=10"], "postgres"),
        ("php:8.3-apache", [], "php:8.3-apache"),
        ("php:8.3-cli", [], ""),
        ("minio/minio", ["server", "/data"], "minio server"),
        ("minio/minio", [], ""),
        ("registry.k8s.io/etcd:3.5.15-0", ["etcdctl", "snapshot", "save", "/b"], ""),
        ("quay.io/coreos/etcd:v3.5.15", ["etcd", "--data-dir=/d"], "etcd"),
        ("perl:5.40", [], ""),
    ],
)
def test_image(image: str, arguments: list[str], serves: str) -> None:
    assert serving_image(image, arguments) == serves
