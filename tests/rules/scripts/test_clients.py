"""Clients that prompt, that go on after errors, or that accept error pages."""

from __future__ import annotations

import pytest

from tests.rules.helper import job_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("terraform apply", ("without -auto-approve, it prompts for approval and fails", "terraform … -auto-approve")),
        ("terraform apply -auto-approve", ()),
        ("terraform apply plan.out", ()),
        ('terraform apply "$PLAN"', ()),
        ("terraform apply -input=false", ()),
        ("terraform apply -lock=false", ("-auto-approve",)),
        ("terraform destroy", ("-auto-approve",)),
        ("terraform plan", ()),
        ("tofu apply", ("tofu … -auto-approve",)),
        ("pulumi up", ("--yes",)),
        ("pulumi up -y", ()),
        ("pulumi up --yes=true", ()),
        ("npx prisma migrate dev", ("it does not run without a terminal", "prisma migrate deploy")),
        ("yarn prisma migrate dev", ("prisma migrate deploy",)),
        ("pnpm exec prisma migrate dev", ("prisma migrate deploy",)),
        ("npx -y prisma migrate dev", ("prisma migrate deploy",)),
        ("prisma migrate deploy", ()),
        ("npx exec", ()),
        ("npx", ()),
        ("npm prisma migrate dev", ()),
        ("az group delete -n x", ("--yes",)),
        ("az group delete -n x -yq", ()),
        ("az -o tsv --debug --only-show-errors group delete -n x", ()),  # too far from the program to be sure
        ("mc rb m/b", ("it rejects a bucket that is not empty",)),
        ("mc rm --recursive m/b", ("it requires --force",)),
        ("mc rm -r --force m/b", ()),
        ("ssh-copy-id host", ("it prompts for a password", "a key from a Secret")),
        ("read -p 'Continue? ' X", ("it reads nothing and returns 1", "a variable in env")),
        ("read X", ()),
        ("openssl req -new -key k -out c", ("it prompts for the subject", "-subj")),
        ("openssl req -new -key k -out c -subj /CN=x", ()),
        ("openssl req -x509 -newkey rsa -config f", ()),
        # An answer, and a result that is looked at
        ("yes | terraform apply", ()),
        ("terraform apply < answers", ()),
        ("terraform apply 0< answers", ()),
        ("terraform apply > log", ("-auto-approve",)),
        ("terraform apply 2> log", ("-auto-approve",)),
        ("if terraform apply; then echo; fi", ()),
        ("terraform apply || echo", ()),
        ("export TF_CLI_ARGS_apply=-auto-approve\nterraform apply", ()),
        ("expect -c x; terraform apply", ()),
        ("set -x\nexpect x\nterraform apply", ("-auto-approve",)),
        # mysql: a space after -p
        (
            "mysql -u root -p secret -e x",
            ("-p followed by a space prompts for a password", "secret becomes the name of a database", "mysql -psecret"),
        ),
        ('mysqldump --password "$PW" shop', ("--password followed by a space", 'mysqldump --password="$PW"')),
        ("mysql -u root -p", ("it prompts for the password and fails", "remove -p", "MYSQL_PWD")),
        ("mysql -p -h db", ("it prompts for the password and fails",)),
        ("mysql --password -h db", ("remove --password",)),
        ("mysql -psecret -h db", ()),
        ("mysql --password=secret -h db", ()),
        ("mysql -p < dump.sql", ("it prompts for the password and fails",)),
        ("mysql -h db", ()),
        # PostgreSQL: the option has no value
        ("psql --password=x -h db", ("--password prompts and accepts no value, so psql fails", "PGPASSWORD")),
        ("pg_dump -W -h db", ("it prompts for the password, even if PGPASSWORD is set", "remove -W")),
        ("createdb --password x", ("remove --password",)),
        ("psql -w -h db", ()),
        # Django
        ("python manage.py flush", ("it prompts for confirmation and fails with EOFError", "flush --noinput")),
        ("python3 /app/manage.py reset_db", ("reset_db --noinput",)),
        ("./manage.py flush --no-input", ()),
        ("manage.py flush", ("flush --noinput",)),
        ("django-admin createsuperuser", ("it creates no user and still succeeds", "DJANGO_SUPERUSER_USERNAME")),
        ("python manage.py changepassword a", ("it prompts for the password and fails", "user.set_password")),
        ("python manage.py migrate", ()),
        ("python manage.py", ()),
        ("python app.py flush", ()),
        ("python", ()),
        ("django-admin", ()),
    ],
)
def test_a_program_prompts(script: str, phrases: tuple[str, ...]) -> None:
    said("JL766", script, phrases)


@pytest.mark.parametrize(
    ("command", "env", "phrase"),
    [
        ("php artisan migrate", "production", "migrates nothing without --force"),
        ("php /var/www/html/artisan migrate:fresh", "prod", "php … --force"),
        ("php artisan migrate --force", "production", ""),
        ("php artisan migrate -n", "production", ""),
        ("php artisan migrate", "local", ""),
        ("php artisan migrate", "", ""),
        ("php artisan queue:work", "production", ""),
        ("php other migrate", "production", ""),
    ],
)
def test_laravel_asks_in_production(command: str, env: str, phrase: str) -> None:
    variables = f"env:\n- {{name: APP_ENV, value: {env}}}\n" if env else ""
    for container in (script_of(command), f"command: [{', '.join(command.split())}]\n"):
        found = told("JL766", job_of(container + variables))
        assert phrase in found and bool(found) == bool(phrase)


def test_a_program_whose_input_is_open_may_prompt() -> None:
    assert told("JL766", job_of("command: [terraform, apply]\n"))
    assert not told("JL766", job_of("command: [terraform, apply]\nstdin: true\n"))
    found = told("JL766", job_of(script_of("terraform apply\nterraform destroy\n")))
    assert "terraform apply" in found and "terraform destroy" not in found


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("psql -h db -f a.sql", ("psql -v ON_ERROR_STOP=1 -h db -f a.sql",)),
        ("psql -h db -qf a.sql", ("ON_ERROR_STOP=1",)),
        ("psql -h db --file=a.sql", ("ON_ERROR_STOP=1",)),
        ("psql -h db --file a.sql", ("ON_ERROR_STOP=1",)),
        ("psql -h db < a.sql", ("psql -v ON_ERROR_STOP=1 -h db",)),
        ("psql -h db <<< 'a; b; c;'", ("ON_ERROR_STOP=1",)),
        ("psql -h db <<< 'a;'", ()),
        ("psql -h db <<EOF\na;\nb;\nEOF", ("ON_ERROR_STOP=1",)),
        ("psql -h db <<-'EOF'\na;\nb;\nEOF\necho", ("ON_ERROR_STOP=1",)),
        ("psql -h db <<EOF\na;\nEOF\necho; echo; echo", ()),
        ("psql -h db <<EOF\na\nEOF", ()),
        ("cat a.sql | psql -h db", ("ON_ERROR_STOP=1",)),
        ("gunzip -c a.gz | psql -h db", ("ON_ERROR_STOP=1",)),
        ("zcat a.gz | psql -h db", ("ON_ERROR_STOP=1",)),
        ("cat a || psql -h db", ()),
        ("cat a\npsql -h db", ()),
        ("echo x | psql -h db", ()),
        ("cat a.sql | psql -h db -c x", ()),
        ("cat a.sql | psql -h db --command=x", ()),
        ("cat a.sql | psql -h db --command x", ()),
        ("cat a.sql | psql -h db -tc x", ()),
        ("cat a.sql | psql -h db -U c", ("ON_ERROR_STOP=1",)),
        ("psql -v ON_ERROR_STOP=1 -h db -f a.sql", ()),
        ("export PSQLRC=/etc/psqlrc\npsql -h db -f a.sql", ()),
        ("psql -h db", ()),
        ("psql -h " + "d" * 70 + " -f a.sql", ("psql -v ON_ERROR_STOP=1 …",)),
        ("sqlcmd -S db -i a.sql", ("sqlcmd -b",)),
        ("sqlcmd -S db -Q x", ("sqlcmd -b",)),
        ("sqlcmd -S db -q x", ("sqlcmd -b",)),
        ("sqlcmd -S db -b -i a.sql", ()),
        ("sqlcmd -S db", ()),
        ("sqlplus app/x@db @a.sql", ("WHENEVER SQLERROR EXIT FAILURE",)),
        ("sqlplus app/x@db <<EOF\na;\nb;\nEOF", ("WHENEVER SQLERROR EXIT FAILURE",)),
        ("sqlplus app/x@db <<EOF\nwhenever sqlerror exit 1\na;\nb;\nEOF", ()),
        ("sqlplus app/x@db", ()),
        ("mysql -h db < a.sql", ()),
    ],
)
def test_a_client_continues_after_an_error(script: str, phrases: tuple[str, ...]) -> None:
    said("JL767", script, phrases)


def test_the_settings_of_psql_may_be_elsewhere() -> None:
    plain = "command: [psql, -h, db, -f, /a.sql]\n"
    assert "psql -v ON_ERROR_STOP=1 -h db -f /a.sql" in told("JL767", job_of(plain))
    assert not told("JL767", job_of(plain + "env:\n- {name: PSQLRC, value: /etc/psqlrc}\n"))
    assert not told("JL767", job_of("command: [psql, -v, ON_ERROR_STOP=1, -f, /a.sql]\n"))
    assert not told("JL767", job_of("command: [psql, -h, db]\n"))
    found = told("JL767", job_of(script_of("psql -f a.sql\npsql -f b.sql\n")))
    assert "a.sql" in found and "b.sql" not in found


_FAILS = "; then echo ok; else exit 1; fi"


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("curl -X POST http://api/run", ("the Job is Complete", "curl -X POST http://api/run")),
        ("curl -f -X POST http://api/run", ()),
        ("echo a\ncurl -X POST http://api/run", ("the Job is Complete",)),
        ("./load\ncurl -X POST http://api/run", ()),
        ("curl -X POST http://api/run | cat", ()),
        ("cat x | curl -d @- http://api/run", ("the Job is Complete",)),
        (
            "set -e\ncurl -o data.json http://api/d\n./load data.json",
            ("data.json contains the error page, and the script continues",),
        ),
        ("set -e\n./load\ncurl -o data.json http://api/d", ("data.json contains the error page",)),
        ("set -e\ncurl --output data.json http://api/d\n./load", ("data.json contains the error page",)),
        ("set -e\ncurl -sSLo data.json http://api/d\n./load", ("data.json contains the error page",)),
        ('set -e\ncurl -o "$F" http://api/d\n./load', ("the file contains the error page",)),
        ("set -e\ncurl $F http://api/d\n./load", ()),
        ('set -e\ncurl -o "/$F" http://api/d\n./load', ("the file contains the error page",)),
        ("set -e\ncurl -O http://api/d\n./load", ("the file contains the error page",)),
        ("set -e\ncurl -sO http://api/d\n./load", ("the file contains the error page",)),
        ("set -e\ncurl --remote-name http://api/d\n./load", ("the file contains the error page",)),
        ("set -e\ncurl -o /dev/null http://api/d\n./load", ()),
        ("set -e\ncurl -so /dev/null http://api/d\n./load", ()),
        ("set -e\ncurl -o a.tgz http://api/d\ntar xf a.tgz\n./load", ()),
        ("set -e\ncurl -o a.tgz http://api/d\nsha256sum a.tgz\n./load", ()),
        ("curl -o a.tgz http://api/d && tar xf a.tgz && ./load", ("a.tgz contains the error page",)),
        ("curl $OPTIONS http://api/run", ()),
        ('curl "http://$HOST/run"', ("the Job is Complete",)),
        ("code=$(curl -s -o /dev/null -w '%{http_code}' http://api/run)\necho $code", ("the Job is Complete",)),
        ("answer=$(curl -s -X POST http://api/run)\nprintf '%s' ${answer}", ("the Job is Complete",)),
        ("answer=$(curl -sf -X POST http://api/run)\necho $answer", ()),
        ("answer=$(curl -s -X POST http://api/run)\necho $answer > f", ()),
        ("answer=$(curl -s -X POST http://api/run)\necho $answer | grep ok", ()),
        ("answer=$(curl -s -X POST http://api/run)\n[ $answer = ok ]", ()),
        ("answer=$(curl -s -X POST http://api/run)\necho $answer\nexit $answer", ()),
        ("answer=$(curl -s -X POST http://api/run)\necho done", ()),
        ("answer=$(curl -s -X POST http://api/run)\n./load\necho $answer", ()),
        ("answer=$(cat f)\necho $answer", ()),
        ("if curl -s http://api/run" + _FAILS, ("the branch for success runs",)),
        ("if curl -sf http://api/run" + _FAILS, ()),
        ("if curl -s http://api/run; then echo ok; fi", ()),
        ("if curl -s http://api/run; then echo ok; else echo no; fi", ()),
        ("if cat x" + _FAILS, ()),
        ("if curl -s http://api/run; then echo ok; elif x; then echo; else exit 1; fi", ()),
        ("while sleep 5; do if curl -s http://api/run" + _FAILS + "; done", ()),
    ],
)
def test_curl_accepts_error_pages(script: str, phrases: tuple[str, ...]) -> None:
    said("JL735", script, phrases)


def test_curl_without_a_shell() -> None:
    words = "curl, -X, POST, 'http://api/run'"
    assert "the Job is Complete" in told("JL735", job_of(f"command: [{words}]\n"))
    assert "`curl -X POST http://api/run`" in told("JL735", job_of(f"args: [{words[6:]}]\n", image="curlimages/curl:8.9.1"))
    assert not told("JL735", job_of(f"args: [{words[6:]}]\n", image="example.com/curler:8.9.1"))
    init = f"initContainers:\n- name: i\n  image: example.com/x:1\n  command: [{words}]\n"
    assert not told("JL735", job_of(pod=init))
