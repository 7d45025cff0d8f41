/**
 * Dualpost: a TLS front-end proxy for POP3 and submission in a mixed IPv4 and IPv6 world.
 *
 * <p>A package may use only the packages below it in this list (checked by {@code HouseTest}):
 * {@code dualpost, probe, demo, admin, config, systemd, session, connect, kernel, tls, telemetry, gate, route, mail,
 * address}.
 *
 * <p>The words: a <b>service</b> is what users configure as one server; it has a dual-stack <b>host</b>, maybe an
 * IPv4-only rescue host, and <b>listeners</b>. A <b>session</b> is one client connection from accept to its
 * <b>record</b>. A <b>dialogue</b> is one side of one protocol, as a value. A <b>refusal</b> is a reason to say no. A
 * <b>backend</b> is a mailbox or submission server, a <b>pool</b> is backends of equal worth.
 */
@NullMarked
package io.dualpost;

import org.jspecify.annotations.NullMarked;
