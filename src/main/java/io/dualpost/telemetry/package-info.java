/**
 * What is known of sessions, past and present: all metric names, session records and their log lines. Nobody else touches
 * Micrometer.
 */
@NullMarked
package io.dualpost.telemetry;

import org.jspecify.annotations.NullMarked;
