/**
 * Plays a mail client at every address of a server, over both families, and says what came of it and how long clients of
 * each kind would wait. Works against any POP3 or submission server, without a configuration and without credentials. All
 * that the server says is bounded and made harmless before anybody sees it.
 */
@NullMarked
package io.dualpost.probe;

import org.jspecify.annotations.NullMarked;
