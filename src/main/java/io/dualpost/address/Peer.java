package io.dualpost.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who is at the other end of a client connection. Behind a trusted sender of PROXY headers, source and destination are
 * what the header claims; otherwise they are the socket's own.
 *
 * @param source      the client's address and port, IPv4-mapped addresses folded
 * @param destination the address and port that the client connected to, folded
 * @param socket      the other end of the TCP connection itself
 * @param received    the client's address as it was received: a header's own text, or the socket's with its zone
 */
public record Peer(InetSocketAddress source, InetSocketAddress destination, InetSocketAddress socket,
        String received) {
    /** A peer that is connected directly. */
    public static Peer direct(InetSocketAddress remote, InetSocketAddress local) {
        InetSocketAddress source = fold(remote);
        String text = remote.getAddress() instanceof Inet6Address six && six.getScopeId() != 0
                ? six.getHostAddress()
                : Addresses.text(source.getAddress());
        return new Peer(source, fold(local), source, text);
    }

    /**
     * The same connection, for the endpoints that a PROXY header claims.
     *
     * @param text the source address as the header has it
     */
    public Peer claiming(InetSocketAddress claimedSource, InetSocketAddress claimedDestination, String text) {
        return new Peer(fold(claimedSource), fold(claimedDestination), socket, text);
    }

    /** The client's address. */
    public InetAddress address() {
        return source.getAddress();
    }

    /** The client's family. */
    public Family family() {
        return Family.of(source.getAddress());
    }

    /** Whether the other end of the TCP connection is the client itself, and nobody who speaks for it. */
    public boolean isDirect() {
        return socket.equals(source);
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
