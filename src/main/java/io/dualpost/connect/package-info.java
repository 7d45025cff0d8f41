/**
 * Reaching a backend: from host names to addresses to an open channel.
 */
@NullMarked
package io.dualpost.connect;

import org.jspecify.annotations.NullMarked;
