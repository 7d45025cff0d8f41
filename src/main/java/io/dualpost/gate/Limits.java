package io.dualpost.gate;

/**
 * How many sessions may be open at once.
 *
 * @param sessions          in all, at least 1
 * @param sessionsPerPrefix from one IPv4 address or one IPv6 /64, at least 1
 */
public record Limits(int sessions, int sessionsPerPrefix) {}
