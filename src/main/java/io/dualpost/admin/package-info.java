/**
 * What an operator may ask of a running proxy, over HTTP, on a thread of its own; orders over a unix socket only, whose callers the kernel names.
 */
@NullMarked
package io.dualpost.admin;

import org.jspecify.annotations.NullMarked;
