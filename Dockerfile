# joblint in a container: docker run --rm --read-only -v "$PWD:/work:ro" joblint check .
# Two stages: the first one builds the wheel and an environment for it, the second one holds the environment and nothing else.
FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/joblint \
    && python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheel . \
    && /opt/joblint/bin/python -m pip install --no-cache-dir /wheel/*.whl \
    && /opt/joblint/bin/python -m pip uninstall --yes pip \
    && /opt/joblint/bin/joblint check --exit-zero examples/pi.yaml

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="joblint" \
      org.opencontainers.image.description="Lints Kubernetes Jobs and CronJobs" \
      org.opencontainers.image.source="https://github.com/joblint/joblint" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/joblint /opt/joblint
# Nobody's home: the cache of results is kept only where a folder is mounted for it (XDG_CACHE_HOME).
ENV PATH=/opt/joblint/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["joblint"]
CMD ["--help"]
