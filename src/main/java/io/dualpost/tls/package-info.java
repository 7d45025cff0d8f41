/**
 * Keys, certificates chosen by name, TLS contexts for both sides, tickets, and the development authority.
 */
@NullMarked
package io.dualpost.tls;

import org.jspecify.annotations.NullMarked;
