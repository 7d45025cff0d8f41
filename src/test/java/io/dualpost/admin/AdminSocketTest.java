package io.dualpost.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file, and talk over it. */
@Timeout(60)
class AdminSocketTest {
    private final FakeProxy proxy = new FakeProxy();

    @TempDir
    Path folder;
    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("admin.sock");
    }

    @Test
    void everythingOfTheTcpListenerAndOperationsAreServed() throws IOException {
        try (AdminServer server = open()) {
            assertThat(server.port()).isZero();
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ").endsWith("live\n");
            assertThat(UnixTalk.get(path, "/metrics", "text/open")).startsWith("HTTP/1.1 200 ")
                    .endsWith("# accept text/open\n");
            assertThat(UnixTalk.get(path, "/ready", "")).startsWith("HTTP/1.1 200 ");
            assertThat(UnixTalk.get(path, "/status", "")).startsWith("HTTP/1.1 200 ")
                    .contains("content-type: application/json");
            assertThat(UnixTalk.post(path, "/family/disable", "family=ipv6&for=1h")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(proxy.ordered).hasSize(1);
        assertThat(proxy.answered).containsExactly("/live 200", "/metrics 200", "/ready 200", "/status 200",
                "/family/disable 200");
    }

    @Test
    void theFileIsForOwnerAndGroupAndGoesWithTheServer() throws IOException {
        try (AdminServer _ = open()) {
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void theFileGoesToTheGroup() throws IOException {
        int own = (Integer) Files.getAttribute(folder, "unix:gid");
        try (AdminServer _ = AdminServer.open(path, Optional.of(Integer.toString(own)), proxy.answers(),
                proxy.operations())) {
            assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(own);
        }
    }

    @Test
    void anUnknownGroupIsNamedAndNoFileIsLeft() {
        assertThatThrownBy(() -> AdminServer.open(path, Optional.of("no-such-group"), proxy.answers(),
                proxy.operations())).isInstanceOf(IOException.class)
                .hasMessage("admin socket: no group no-such-group on this machine");
        assertThat(path).doesNotExist();
    }

    @Test
    void theFileOfADeadProxyIsReplaced() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (AdminServer _ = open()) {
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void theFileOfALivingProxyIsNotReplaced() throws IOException {
        try (AdminServer _ = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class)
                    .hasMessage("admin socket: " + path + " is already in use by another proxy");
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ");
        }
        open().close();
    }

    @Test
    void whoTakesNoConnectionsIsAliveNonetheless() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(path), 1);
            for (int i = 0; i < 2; i++) {
                waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            assertThatThrownBy(this::open).hasMessageEndingWith("is already in use by another proxy");
            assertThat(path).exists();
        } finally {
            for (SocketChannel one : waiting) {
                one.close();
            }
        }
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        assertThatThrownBy(this::open)
                .hasMessage("admin socket: " + path + " is there and is no socket (expected: a free path)");
        assertThat(path).hasContent("precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        path = link;
        assertThatThrownBy(this::open).hasMessageContaining("is no socket");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aFileThatHasTakenThePlaceOfOursIsLeftAlone() throws IOException {
        AdminServer first = open();
        Files.delete(path);
        try (AdminServer _ = open()) {
            first.close();
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithTheMeasure() throws IOException {
        int room = 107 - (folder + "/").length();
        path = folder.resolve("x".repeat(room));
        open().close();
        path = folder.resolve("x".repeat(room - 1) + "é");
        assertThatThrownBy(this::open)
                .hasMessage("admin socket: " + path + " is 108 octets long (expected: at most 107)");
    }

    @Test
    void aFolderThatIsMissingIsSaid() {
        path = folder.resolve("missing/admin.sock");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class)
                .hasMessageStartingWith("admin socket: cannot make " + path + ": ")
                .hasMessageEndingWith("(expected: a folder that exists and that the user of the proxy may write to)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /gate/add HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n",
            "POST /gate/add HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /gate/add HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            "POST /gate/add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /gate/add HTTP/1.1\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n", "GET\r\n\r\n"})
    void aRequestThatMakesNoSenseEndsInARefusal(String request) throws IOException {
        try (AdminServer _ = AdminServer.open(path, Optional.empty(), proxy.answers(), proxy.operations(),
                Duration.ofMillis(300))) {
            assertThat(UnixTalk.raw(path, request)).startsWith("HTTP/1.1 4");
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(proxy.networks.list(0)).isEmpty();
    }

    @Test
    void aBodyThatDoesNotEndIsCutOffAndNotCarriedOut() throws IOException {
        try (AdminServer _ = AdminServer.open(path, Optional.empty(), proxy.answers(), proxy.operations(),
                Duration.ofMillis(50))) {
            assertThat(UnixTalk.raw(path, "POST /family/disable HTTP/1.1\r\nHost: x\r\nContent-Type: "
                    + "application/x-www-form-urlencoded\r\nContent-Length: 30\r\n\r\nfamily=ipv6")).isEmpty();
        }
        assertThat(proxy.ordered).isEmpty();
    }

    @Test
    void closingEndsConnections() throws IOException {
        AdminServer server = open();
        try (SocketChannel idle = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(UnixTalk.get(path, "/live", "")).startsWith("HTTP/1.1 200 ");
            server.close();
            assertThat(idle.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    private AdminServer open() throws IOException {
        return AdminServer.open(path, Optional.empty(), proxy.answers(), proxy.operations());
    }
}
