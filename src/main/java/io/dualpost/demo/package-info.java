/**
 * The embedded mailbox and submission server behind {@code dualpost demo}: small, throw-away, on loopback only.
 */
@NullMarked
package io.dualpost.demo;

import org.jspecify.annotations.NullMarked;
