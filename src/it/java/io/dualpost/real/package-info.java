/**
 * Tests against real servers (Dovecot, Postfix) and real clients, all as child processes with their own directories, high
 * ports and a throw-away authority. They need root and Debian packages; {@code .ci/run} installs those and runs
 * {@code mvn -Preal verify}.
 */
@NullMarked
package io.dualpost.real;

import org.jspecify.annotations.NullMarked;
