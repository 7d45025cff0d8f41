#!/bin/sh
# Starts target/dualpost.jar with a configuration, as it would run in production.
#
#   start.sh CONFIGURATION [PROCESSORS]
#
# The JVM's options are those of deploy/jvm.options, and its cache is the one that mvn package
# trained, as with /usr/bin/dualpost.
# Java 25 comes from JAVA25_HOME, JAVA_HOME, the PATH or one of the usual folders;
# DUALPOST_JAVA_OPTIONS adds options.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 CONFIGURATION [PROCESSORS]" >&2; exit 2; }
configuration=$1
processors=${2:-}
project=$(cd "$(dirname "$0")/../../.." && pwd)
jar=$project/target/dualpost.jar
[ -f "$jar" ] || { echo "$0: $jar: missing (expected: mvn package has made it)" >&2; exit 1; }

is_25() { [ -x "$1" ] && "$1" -version 2>&1 | head -n 1 | grep -q '"25[.".+-]'; }

java=
for candidate in "${JAVA25_HOME:-}/bin/java" "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" \
    /usr/lib/jvm/*25*/bin/java /opt/*25*/bin/java "$HOME"/.sdkman/candidates/java/25*/bin/java; do
    if is_25 "$candidate"; then
        java=$candidate
        break
    fi
done
[ -n "$java" ] || { echo "$0: no Java 25 found (expected: JAVA25_HOME names a JDK 25)" >&2; exit 1; }

cache=$project/target/dualpost.aot
# shellcheck disable=SC2086
exec "$java" "@$project/deploy/jvm.options" ${processors:+-XX:ActiveProcessorCount=$processors} \
    $([ -r "$cache" ] && echo "-XX:AOTCache=$cache") ${DUALPOST_JAVA_OPTIONS:-} -jar "$jar" run --config "$configuration"
