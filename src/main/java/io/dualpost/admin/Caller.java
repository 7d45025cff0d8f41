package io.dualpost.admin;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/**
 * Who is at the other end of a unix socket, by the kernel's word (SO_PEERCRED of unix(7)).
 *
 * @param admitted whether this is root, the user of the proxy or a member of the configured group
 */
record Caller(int pid, int uid, boolean admitted) {
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERGROUPS = 59;
    /** NGROUPS_MAX of Linux. */
    private static final int MOST_GROUPS = 65_536;
    private static final int NO_GROUP = -1;

    static Caller of(EpollDomainSocketChannel client, SocketFile file) throws IOException {
        PeerCredentials peer = client.peerCredentials();
        boolean user = peer.uid() == 0 || peer.uid() == file.owner();
        boolean member = !user && file.group().isPresent()
                && groups(client, peer).anyMatch(gid -> gid == file.group().get());
        return new Caller(peer.pid(), peer.uid(), user || member);
    }

    /** As the log names it. */
    @Override
    public String toString() {
        return "uid " + Integer.toUnsignedString(uid) + " (pid " + pid + ")";
    }

    /** The effective group and the supplementary ones, which SO_PEERCRED leaves out. */
    private static IntStream groups(EpollDomainSocketChannel client, PeerCredentials peer) throws IOException {
        ByteBuffer all = ByteBuffer.allocateDirect(MOST_GROUPS * Integer.BYTES).order(ByteOrder.nativeOrder());
        // How much of the buffer is filled is not told, and zero is a group.
        while (all.hasRemaining()) {
            all.putInt(NO_GROUP);
        }
        ((Socket) client.fd()).getRawOpt(SOL_SOCKET, SO_PEERGROUPS, all.flip());
        IntStream supplementary = IntStream.range(0, MOST_GROUPS).map(i -> all.getInt(i * Integer.BYTES))
                .takeWhile(gid -> gid != NO_GROUP);
        return IntStream.concat(IntStream.of(peer.gids()), supplementary);
    }
}
