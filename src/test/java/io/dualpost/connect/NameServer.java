package io.dualpost.connect;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A name server on loopback for which every name has the same addresses (RFC 1035). */
public final class NameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int A = 1;
    private static final int AAAA = 28;

    private final DatagramSocket socket;
    private final List<InetAddress> addresses;

    private NameServer(DatagramSocket socket, List<InetAddress> addresses) {
        this.socket = socket;
        this.addresses = addresses;
    }

    /** Answers every question with those of the addresses that are of the family asked for. */
    public static NameServer open(InetAddress... addresses) throws IOException {
        NameServer server = new NameServer(new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")),
                List.of(addresses));
        Thread.ofVirtual().start(server::serve);
        return server;
    }

    /** Where it listens, at 127.0.0.1. */
    public int port() {
        return socket.getLocalPort();
    }

    DnsServerAddressStreamProvider provider() {
        return new SingletonDnsServerAddressStreamProvider(
                new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
    }

    private void serve() {
        byte[] octets = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(octets, octets.length);
                socket.receive(query);
                byte[] answer = answer(ByteBuffer.wrap(octets, 0, query.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(ByteBuffer query) {
        int end = HEADER;
        while (query.get(end) != 0) {
            end += 1 + query.get(end);
        }
        int type = query.getShort(end + 1);
        List<InetAddress> found = addresses.stream()
                .filter(address -> (type == A && address.getAddress().length == 4)
                        || (type == AAAA && address.getAddress().length == 16))
                .toList();
        ByteBuffer answer = ByteBuffer.allocate(512).putShort(query.getShort(0)).putShort((short) 0x8180)
                .putShort((short) 1).putShort((short) found.size()).putInt(0);
        answer.put(query.slice(HEADER, end + 5 - HEADER));
        for (InetAddress address : found) {
            answer.putShort((short) 0xc00c).putShort((short) type).putShort((short) 1).putInt(60)
                    .putShort((short) address.getAddress().length).put(address.getAddress());
        }
        byte[] octets = new byte[answer.position()];
        answer.flip().get(octets);
        return octets;
    }

    @Override
    public void close() {
        socket.close();
    }
}
