/**
 * Where a user's mail lives: backends, pools of backends of equal worth, the order in which to try them, and what is
 * known of their health. Pure Java.
 */
@NullMarked
package io.dualpost.route;

import org.jspecify.annotations.NullMarked;
