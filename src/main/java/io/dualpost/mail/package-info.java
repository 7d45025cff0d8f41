/**
 * POP3 and SMTP submission as pure dialogues, both sides of both: events in, next state and actions out. No socket, no
 * clock, no thread; every rule of the protocols that a proxy must keep is here and is tested by transcript.
 */
@NullMarked
package io.dualpost.mail;

import org.jspecify.annotations.NullMarked;
