/**
 * Plain facts about addresses and hosts: the one place where a family is decided and where an address becomes text.
 * Uses the JDK alone, opens no socket and reads no clock.
 */
@NullMarked
package io.dualpost.address;

import org.jspecify.annotations.NullMarked;
