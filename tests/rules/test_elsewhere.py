"""Commands for another Pod or host: what the shell of the container takes for itself; quotes that it removes."""

from __future__ import annotations

import pytest

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: work}
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          volumes: [{name: out, emptyDir: {}}]
          containers:
          - name: main
            image: registry.example.com/tools:1.4.2
            volumeMounts: [{name: out, mountPath: /out}]
            command: [bash, -c]
            args:
            - |
"""


@pytest.mark.parametrize(
    ("rule", "line", "found"),
    [
        ("JL819", "kubectl exec web-0 -- cd /data && rm -rf cache", True),
        ("JL819", "kubectl exec web-0 -- sh -c 'cd /data && rm -rf cache'", False),
        ("JL819", "kubectl exec web-0 -- nginx -t && echo fine", False),
        ("JL819", "ssh -p 22 -o BatchMode=yes host cd /data && ls", True),
        ("JL819", 'ssh host "cd /data && ls"', False),
        ("JL819", "ssh host && ls", False),
        ("JL819", "kubectl exec web-0 -- echo on > /var/www/state", True),
        ("JL819", "kubectl exec web-0 -- echo on > /out/state", False),  # a volume of this container
        ("JL819", "kubectl exec web-0 -- echo on > /dev/null", False),
        ("JL820", 'kubectl exec db-0 -- psql -U "$POSTGRES_USER"', True),
        ("JL820", "kubectl exec db-0 -- sh -c 'psql -U $POSTGRES_USER'", False),
        ("JL820", 'POSTGRES_USER=app; kubectl exec db-0 -- psql -U "$POSTGRES_USER"', False),
        ("JL820", 'kubectl exec db-0 -- psql -U "$DB_USER"', False),
        ("JL820", 'kubectl exec db-0 -- sh -c "psql -U \\$POSTGRES_USER"', False),
        ("JL818", 'curl -d "{"a":1}" http://web', True),
        ("JL818", 'curl -d "{"a": "b c"}" http://web', True),
        ("JL818", 'curl -d {"a":1} http://web', True),
        ("JL818", 'curl -d "{\\"a\\":1}" http://web', False),
        ("JL818", "curl -d '{\"a\":1}' http://web", False),
        ("JL818", "curl -d \"{'a':1}\" http://web", False),
        ("JL818", 'curl -d "$BODY" http://web', False),
        ("JL817", "kubectl delete pods --field-selector status.phase=Evicted", True),
        ("JL817", "kubectl delete pods --field-selector='status.phase!=Running,status.phase=Failed'", False),
        ("JL817", 'kubectl delete pods --field-selector "status.phase=$PHASE"', False),
        ("JL816", "pg_dump -Fc a > /out/a; psql -f /out/a", True),
        ("JL816", "pg_dump -Fc a > /out/a; pg_restore -d b /out/a", False),
        ("JL816", "pg_dump -f /out/a a; pg_restore -d b /out/a", True),
        ("JL816", "pg_dump a > /out/a; psql -d b < /out/a", False),
        ("JL816", 'pg_dump "$OPTIONS" -F "$FORMAT" a > /out/a; psql -f /out/a', False),
    ],
)
def test_a_line(rule: str, line: str, found: bool) -> None:
    assert bool(report_of(f"{JOB}              {line}\n", select=(rule,)).findings) is found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["A=1", "cat > /tmp/a.yaml <<'EOF'", "a: $A", "EOF", "/app/load /tmp/a.yaml"], True),
        (["A=1", "cat <<'EOF' | kubectl apply -f -", "a: ${A}", "EOF"], True),
        (["A=1", "cat > /tmp/a.yaml <<EOF", "a: $A", "EOF"], False),
        (["A=1", "cat > /tmp/a.yaml <<'EOF'", "a: $B", "EOF"], False),
        (["A=1", "cat > /tmp/a.sh <<'EOF'", "echo $A", "EOF"], False),  # a program
        (["A=1", "cat > /tmp/a.yaml <<'EOF'", "a: $A", "EOF", "envsubst < /tmp/a.yaml"], False),
    ],
)
def test_a_here_document(lines: list[str], found: bool) -> None:
    text = JOB + "".join(f"              {line}\n" for line in lines)
    assert bool(report_of(text, select=("JL821",)).findings) is found
