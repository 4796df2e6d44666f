#!/bin/bash
# Starts the replica; the first time from a base backup of the primary.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  for _ in {1..300}; do pg_isready -q -h "$PRIMARY" -U replica && break || sleep 1; done
  PGPASSWORD=$REPLICATION_PASSWORD pg_basebackup -D "$PGDATA" -h "$PRIMARY" -U replica -X stream -R -S replica -c fast
  chmod 700 "$PGDATA"
fi
exec "$@"
