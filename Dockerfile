# The suite in one image: server, jobs, backup, stand-ins; and the proxy.
# It installs itself with the launcher, like any other machine does.

FROM debian:bookworm-slim AS base
ENV LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# One user for every container, so that they can share volumes. The folders are
# there for their owner: an empty named volume takes it over.
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin crm \
    && install -d -o crm -g crm /srv/crm/state /srv/crm/backups /srv/crm/tls \
        /srv/crm/secrets

FROM base AS proxy
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx-light python3 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/crm
COPY config/nginx.conf.template config/render_nginx.py config/
COPY config/container/ config/container/
USER crm
EXPOSE 8080 8443
ENTRYPOINT ["config/container/proxy.sh"]

FROM base AS suite
# ca-certificates: downloads; openssl: a first certificate; postgresql-client: the
# same major version as the db service; chromium and fonts: PDF of quotes and invoices.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates chromium \
        fonts-dejavu-core fonts-noto-core openssl postgresql-client python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
# 1: with what ./crm test needs (test tools). 0: production only.
ARG WITH_TESTS=1
RUN if [ "$WITH_TESTS" = 1 ]; then apt-get update \
    && apt-get install -y --no-install-recommends git nginx-light poppler-utils \
    && rm -rf /var/lib/apt/lists/*; fi
WORKDIR /opt/crm
# What changes rarely first: Odoo and the Python packages are one layer that a
# change in the addons does not rebuild.
COPY crm requirements.txt requirements-dev.txt package.json package-lock.json .npmrc ./
COPY launcher/ launcher/
RUN install -d -o crm -g crm /opt/crm-cache
ENV XDG_CACHE_HOME=/opt/crm-cache CRM_LOCAL=/srv/crm/state RUFF_CACHE_DIR=/tmp/ruff PYLINTHOME=/tmp/pylint
USER crm
RUN if [ "$WITH_TESTS" = 1 ]; then ./crm install; else ./crm install --no-dev; fi \
    && rm -rf /opt/crm-cache/crm-suite/downloads /srv/crm/state/*
COPY . .
EXPOSE 8069 8072
ENTRYPOINT ["config/container/entrypoint.sh"]
CMD ["./crm", "serve"]
