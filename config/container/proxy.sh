#!/bin/sh
# nginx as a user without rights: everything it writes is in /tmp.
set -eu

mkdir -p /tmp/nginx
config/render_nginx.py > /tmp/nginx/crm.conf
cat > /tmp/nginx/nginx.conf << 'END'
daemon off;
pid /tmp/nginx/nginx.pid;
error_log stderr warn;
events {
    worker_connections 1024;
}
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path /tmp/nginx/body;
    proxy_temp_path /tmp/nginx/proxy;
    fastcgi_temp_path /tmp/nginx/fastcgi;
    uwsgi_temp_path /tmp/nginx/uwsgi;
    scgi_temp_path /tmp/nginx/scgi;
    include /tmp/nginx/crm.conf;
}
END
exec nginx -e stderr -c /tmp/nginx/nginx.conf
