/**
 * What is asked of the kernel and its firewall: to refuse IPv6 prefixes at the SYN, which a separate process with
 * CAP_NET_ADMIN does ({@code dualpost kernel-gate}) and the proxy asks for over a unix socket, and how many connections are
 * half open. Decides nothing: who is refused, and why, is the gate's business.
 */
@NullMarked
package io.dualpost.kernel;

import org.jspecify.annotations.NullMarked;
