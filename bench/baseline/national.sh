#!/bin/sh
# A national night as a capable administrator would write it: sftp, xmllint, xsltproc, sqlite3, curl. It keeps the current state only.
# Usage: national.sh FOLDER SCHEMA SSH_PORT SSH_KEY URL CA PARALLEL; FOLDER holds register.sqlite. Prints one line for each step.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
schema=$2 port=$3 key=$4 url=$5 ca=$6 parallel=$7
mkdir -p posts answers
step() { echo "step $1 $(date +%s.%N)"; }

step fetch
printf 'get -r plain\n' | sftp -q -b - -P "$port" -i "$key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null 127.0.0.1 >/dev/null

step validate
find plain -name '*.xml' -print0 | xargs -0 xmllint --noout --schema "$schema" 2>/dev/null

step rows
find plain -name '*.xml' -print0 | xargs -0 xsltproc "$here/rows.xsl" >rows.tsv

step register
sqlite3 register.sqlite 'PRAGMA journal_mode = WAL' 'CREATE TEMP TABLE staged AS SELECT * FROM unit WHERE 0' \
  '.parameter init' ".parameter set @url '$url'" ".parameter set @ca '$ca'" \
  '.mode ascii' '.separator "\t" "\n"' ".import --schema temp rows.tsv staged" ".read $here/national.sql" >/dev/null

step push
for each in 0 1 2 3 4 5 6; do
  [ ! -f $each.curl ] || curl --silent --show-error --parallel --parallel-max "$parallel" --config $each.curl
done

step end
echo "acknowledged $(grep -lE 'reskode>(OK|UAENDRET)<' answers/*.xml 2>/dev/null | wc -l) of $(ls posts | wc -l)"
