package io.dualpost.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who is at the other end of a client connection. Behind a trusted sender of PROXY headers, source and destination are
 * what the header claims; otherwise they are the socket's own.
 *
 * @param source      the client's address and port, IPv4-mapped addresses folded
 * @param destination the address and port that the client connected to, folded
 * @param socket      the other end of the TCP connection itself
 */
public record Peer(InetSocketAddress source, InetSocketAddress destination, InetSocketAddress socket) {
    /** A peer that is connected directly. */
    public static Peer direct(InetSocketAddress remote, InetSocketAddress local) {
        InetSocketAddress source = fold(remote);
        return new Peer(source, fold(local), source);
    }

    /** The same connection, for the endpoints that a PROXY header claims. */
    public Peer claiming(InetSocketAddress claimedSource, InetSocketAddress claimedDestination) {
        return new Peer(fold(claimedSource), fold(claimedDestination), socket);
    }

    /** The client's address. */
    public InetAddress address() {
        return source.getAddress();
    }

    /** The client's family. */
    public Family family() {
        return Family.of(source.getAddress());
    }

    /** The client's address and port in canonical text. */
    @Override
    public String toString() {
        return Addresses.text(source.getAddress(), source.getPort());
    }

    private static InetSocketAddress fold(InetSocketAddress address) {
        return new InetSocketAddress(Addresses.fold(address.getAddress()), address.getPort());
    }
}
