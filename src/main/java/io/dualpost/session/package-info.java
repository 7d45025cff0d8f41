/**
 * Everything that holds a live channel: listening sockets, sessions, line framing, running a dialogue, relay, PROXY
 * headers, probes. Everything of one session happens on one event loop, so nothing here takes a lock.
 */
@NullMarked
package io.dualpost.session;

import org.jspecify.annotations.NullMarked;
