#!/bin/sh
# Starts target/dualpost.jar with a configuration, as it would run in production.
#
#   start.sh CONFIGURATION [PROCESSORS]
#
# Java 25 comes from JAVA25_HOME, JAVA_HOME, the PATH or one of the usual folders;
# DUALPOST_JAVA_OPTIONS adds options.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 CONFIGURATION [PROCESSORS]" >&2; exit 2; }
configuration=$1
processors=${2:-}
jar=$(cd "$(dirname "$0")/../../.." && pwd)/target/dualpost.jar
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

# Serial: smallest footprint, and the heap holds little. The young generation is
# small because nearly everything dies with its session's event.
# shellcheck disable=SC2086
exec "$java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms24m -Xmx400m -Xmn12m -Xss320k \
    -XX:ReservedCodeCacheSize=48m -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
    ${processors:+-XX:ActiveProcessorCount=$processors} \
    -Dio.netty.leakDetection.level=disabled -Dio.netty.handler.ssl.openssl.useTasks=false \
    ${DUALPOST_JAVA_OPTIONS:-} -jar "$jar" run --config "$configuration"
