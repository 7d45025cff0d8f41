#!/bin/sh
# Checks the types of the boards' sources, and that grafana/dashboards is what they say.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund
npm run --silent check
