/**
 * Who may come in, and how many at once. Pure Java; asked by every event loop.
 */
@NullMarked
package io.dualpost.gate;

import org.jspecify.annotations.NullMarked;
