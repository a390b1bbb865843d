#!/bin/sh
# First start: makes what only this installation may know, and never again.
# Existing files stay, so secrets of your own are put in the volumes beforehand.
set -eu
umask 077

# Created whole or not at all: a start that is interrupted leaves nothing half.
keep_new() {
    mv "$1.new" "$1"
    echo "made $1"
}

if [ ! -s /srv/crm/secrets/db_password ]; then
    openssl rand -hex 24 > /srv/crm/secrets/db_password.new
    # The database's own user reads it too; only db, odoo and backup see it.
    chmod 444 /srv/crm/secrets/db_password.new
    keep_new /srv/crm/secrets/db_password
fi
chmod 755 /srv/crm/secrets

# A certificate to try things out; a browser warns about it. Replace both files.
if [ ! -s /srv/crm/tls/cert.pem ] || [ ! -s /srv/crm/tls/key.pem ]; then
    name=${CRM_SERVER_NAME%% *}
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days 397 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
        -keyout /srv/crm/tls/key.pem.new -out /srv/crm/tls/cert.pem.new 2> /dev/null
    keep_new /srv/crm/tls/key.pem
    keep_new /srv/crm/tls/cert.pem
fi
