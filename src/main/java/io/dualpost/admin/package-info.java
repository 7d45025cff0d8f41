/**
 * What an operator may ask of a running proxy, over HTTP, on a thread of its own.
 */
@NullMarked
package io.dualpost.admin;

import org.jspecify.annotations.NullMarked;
