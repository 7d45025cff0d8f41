/**
 * From text to the immutable configuration, or to the whole list of problems. The only package that knows keys and files.
 */
@NullMarked
package io.dualpost.config;

import org.jspecify.annotations.NullMarked;
