#!/bin/sh
# The command `connector` for whoever is on call: with the service's settings, as the service's user.
#
#   install -m 0755 deploy/systemd/connector.sh /usr/local/sbin/connector
#
# The user `connector` must be able to read the files that are named.
exec systemd-run --quiet --pty --pipe --wait --collect --same-dir --uid=connector --gid=connector \
  --property=UMask=0077 --property=LimitCORE=0 \
  --property=StateDirectory="connector connector-backups" --property=StateDirectoryMode=0700 \
  --property=EnvironmentFile=/etc/connector/environment \
  --setenv=CONNECTOR_CONFIG=/etc/connector --setenv=CONNECTOR_DATA=/var/lib/connector \
  /opt/connector/.venv/bin/connector "$@"
