#!/bin/sh
mkdir -p /var/log/harbour /srv/harbour/sessions
chown -R www-data /srv/harbour
service ssh start
cp /srv/harbour/app/etc/crontab /etc/crontab
supervisord -c /etc/supervisor/supervisord.conf
tail -f /var/log/harbour/shop.log
