#!/bin/sh
# Daily backup of one database with its files.
#
#   config/backup.sh now       one backup, then old ones are removed
#   config/backup.sh check     says whether the newest one is good; for monitoring
#   config/backup.sh daily     never ends: one backup a day (container)
#
# ./crm backup writes the file (database, filestore, manifest with SHA-256).
# The key of the encrypted fields is NOT in it: keep a copy of that key apart,
# or the secrets of a restored database are lost (docs/operate.md).
#
# CRM_BACKUP_DIR        where the files go
# CRM_BACKUP_KEEP_DAYS  how long they stay (7)
# CRM_BACKUP_AT         local time of the daily one (02:30)
# PGDATABASE            which database; ./crm's own choice when empty
# CRM_LAUNCHER          the launcher (../crm)
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
launcher=${CRM_LAUNCHER:-$here/../crm}
folder=${CRM_BACKUP_DIR:-/var/backups/crm}
keep_days=${CRM_BACKUP_KEEP_DAYS:-7}
at=${CRM_BACKUP_AT:-02:30}
database=${PGDATABASE:-}
name=${database:-crm}
status=$folder/$name.status
# One missed night is an incident; two hours of delay are not.
max_age_seconds=93600

tell() {
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"
}

# What "check" reads: one line, replaced at once. First word: ok or failed.
note() {
    result=$1
    shift
    echo "$result $(date -u +%Y-%m-%dT%H:%M:%SZ) $*" > "$status.new"
    mv "$status.new" "$status"
}

fail() {
    rm -f "$file.partial"
    note failed "$*"
    tell "backup failed: $*" >&2
    exit 1
}

make_one() {
    mkdir -p "$folder"
    exec 9> "$folder/.$name.lock"
    if ! flock -n 9; then
        tell "another backup is running" >&2
        exit 1
    fi
    # Left by a run that was killed; never taken for a backup.
    rm -f "$folder/$name"-*.partial
    file=$folder/$name-$(date -u +%Y%m%dT%H%M%SZ).tar
    if [ -n "$database" ]; then
        set -- --db "$database"
    else
        set --
    fi
    "$launcher" backup "$file.partial" "$@" 9>&- || fail "see the lines above"
    [ -s "$file.partial" ] || fail "the launcher wrote nothing"
    sync -d "$file.partial"
    mv "$file.partial" "$file"
    note ok "$(basename "$file")" "$(wc -c < "$file") bytes"
    tell "backup made: $file"
    # Only after a success: a broken backup never costs the last good ones.
    find "$folder" -maxdepth 1 -name "$name-*.tar" ! -newermt "-$keep_days days" \
        ! -path "$file" -print -delete | sed 's/^/removed /'
}

check() {
    if [ ! -s "$status" ]; then
        echo "no backup was ever made in $folder"
        return 1
    fi
    read -r result at_time rest < "$status"
    age=$(($(date +%s) - $(date -d "$at_time" +%s)))
    echo "$result $at_time $rest"
    [ "$result" = ok ] && [ "$age" -le "$max_age_seconds" ]
}

seconds_until() {
    now=$(date +%s)
    next=$(date -d "today $1" +%s)
    [ "$next" -gt "$now" ] || next=$(date -d "tomorrow $1" +%s)
    echo $((next - now))
}

daily() {
    trap 'exit 0' INT TERM
    # A new installation is not left without a backup until tonight.
    check > /dev/null || "$0" now || true
    while :; do
        # In the background, so that a stop signal is obeyed at once.
        sleep "$(seconds_until "$at")" &
        wait $!
        "$0" now || true
    done
}

case "${1:-}" in
    now) make_one ;;
    check) check ;;
    daily) daily ;;
    *)
        sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
        exit 2
        ;;
esac
