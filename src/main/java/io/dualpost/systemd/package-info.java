/**
 * What systemd passes to a service and wants to hear from it: sockets that are open already, readiness, a sign of life. All
 * by the environment and one datagram socket; where systemd did not start the process, nothing here does anything.
 */
@NullMarked
package io.dualpost.systemd;

import org.jspecify.annotations.NullMarked;
