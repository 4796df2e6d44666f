#!/bin/bash
# Once, when the primary is made (the image's /docker-entrypoint-initdb.d): a replica may follow.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v password="$REPLICATION_PASSWORD" <<'END'
CREATE ROLE replica LOGIN REPLICATION PASSWORD :'password';
SELECT pg_create_physical_replication_slot('replica');
ALTER SYSTEM SET synchronous_standby_names = '*'; -- what was published is on both: docs/cluster.md
ALTER SYSTEM SET max_slot_wal_keep_size = '8GB'; -- a replica that is gone for long must not fill this disk
END
echo 'host replication replica all scram-sha-256' >> "$PGDATA/pg_hba.conf"
