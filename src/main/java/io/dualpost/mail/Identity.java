package io.dualpost.mail;

import io.dualpost.address.Peer;

/**
 * What a backend may learn of the client.
 *
 * @param peer    addresses and ports
 * @param session the session's id, {@code [0-9a-z-]} only
 * @param helo    the client's own name
 */
public record Identity(Peer peer, String session, HeloName helo) {}
