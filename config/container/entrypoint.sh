#!/bin/sh
# Turns secret files into what programs read, then runs the command.
#
# NAME_FILE=/path gives NAME: the password is then in the memory of the process
# and in no image, no compose file and no log.
set -eu

read_secret() {
    eval "file=\${$1_FILE:-}"
    [ -n "$file" ] || return 0
    if [ ! -r "$file" ]; then
        echo "The file $file ($1_FILE) cannot be read." >&2
        exit 1
    fi
    value=$(cat "$file")
    export "$1=$value"
    unset "$1_FILE"
}

read_secret PGPASSWORD
read_secret ODOO_SMTP_PASSWORD
# A production server knows no stand-in.
if [ "${CRM_DEMO:-1}" != 1 ]; then
    unset CRM_STANDIN_STRIPE_URL CRM_STANDIN_OPENAI_URL
    unset CRM_STANDIN_ANTHROPIC_URL CRM_MAIL_CATCHER_PORT
fi
exec "$@"
