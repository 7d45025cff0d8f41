#!/bin/bash
# Takes a picture of the preview of each board: pictures.sh [FOLDER]; without one, those of the manual. The data are
# those that the test of the boards left in target/boards; if there are none, it runs first (as root, with the packages
# that .ci/run installs); BOARDS_USERS=600 before the command makes that longer. pngquant makes the files smaller, if it is there.
set -euo pipefail
cd "$(dirname "$0")/../../.."
folder=${1:-src/docs/pictures}
[ -d src/grafana/node_modules/uplot ] || npm ci --prefix src/grafana --no-audit --no-fund
if [ ! -f target/boards/times ]; then
  mvn -B -q -Preal test -Dtest=BoardsProofTest -Dsurefire.failIfNoSpecifiedTests=false
fi
node src/grafana/preview/pictures.mjs target/boards "$folder"
if command -v pngquant >/dev/null; then
  pngquant --force --ext .png --speed 1 64 "$folder"/dualpost-*.png
fi
