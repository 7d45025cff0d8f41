package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.admin.AdminServer;
import io.dualpost.admin.FakeProxy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may operate a proxy: other users, by the kernel's word. */
@Tag("real")
@ExtendWith(RealServers.class)
class AdminSocketUsersTest {
    /** Ids that nobody needs to have. */
    private static final String USER = "54321";
    private static final String GROUP = "54322";
    private static final String OTHERS = "54323";

    private final FakeProxy proxy = new FakeProxy();
    private Path directory;
    private Path socket;
    private Optional<AdminServer> server = Optional.empty();

    @BeforeEach
    void prepare(World world) throws IOException {
        directory = world.scratch("admin");
        socket = directory.resolve("admin.sock");
    }

    @AfterEach
    void close() {
        server.ifPresent(AdminServer::close);
    }

    @Test
    void rootMay() throws IOException {
        open(Optional.empty());
        assertThat(curl(List.of())).startsWith("200 {\"version\":");
    }

    @Test
    void whoIsInTheGroupMay() throws IOException {
        open(Optional.of(GROUP));
        assertThat(curl(user(GROUP))).startsWith("200 ");
        assertThat(curl(user(OTHERS, OTHERS, GROUP))).as("by a supplementary group").startsWith("200 ");
    }

    @Test
    void theKernelKeepsOthersOut() throws IOException {
        open(Optional.of(GROUP));
        assertThat(curl(user(OTHERS))).isEqualTo("000 ");
    }

    @Test
    void whomTheFileLetsInIsStillAsked() throws IOException {
        open(Optional.of(GROUP));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(curl(user(OTHERS))).startsWith("403 uid " + USER + " (pid ")
                .endsWith(
                        ") may not operate this proxy (expected: root, the user of the proxy, or a member of the group"
                                + " that is configured for it)\n");
        assertThat(curl(user("0", OTHERS))).as("root's group is not root").startsWith("403 ");
    }

    @Test
    void withoutAGroupOnlyRootAndTheUserOfTheProxyMay() throws IOException {
        open(Optional.empty());
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(curl(user(GROUP))).startsWith("403 ");
        assertThat(curl(user("0"))).startsWith("403 ");
        assertThat(proxy.ordered).isEmpty();
    }

    @Test
    void theCommandTellsThatItMayNotFromThatNobodyIsThere() throws IOException {
        open(Optional.of(GROUP));
        Command.Outcome denied = command(user(OTHERS));
        assertThat(denied.errors()).isEqualTo("dualpost: " + socket
                + ": permission denied (expected: root, the user of the proxy, or a member of the group that is configured"
                + " for it)\n");
        assertThat(denied.code()).isEqualTo(1);
        assertThat(command(user(OTHERS, GROUP)).output()).startsWith("dualpost 0.1.0, up ");
        server.ifPresent(AdminServer::close);
        assertThat(command(user(OTHERS)).code()).isEqualTo(3);
    }

    private void open(Optional<String> group) throws IOException {
        server = Optional.of(AdminServer.open(socket, group, proxy.answers(), proxy.operations()));
    }

    /** Words before a command that runs it as a user of this group, and of those. */
    private static List<String> user(String group, String... groups) {
        return List.of("setpriv", "--reuid=" + USER, "--regid=" + group,
                groups.length == 0 ? "--clear-groups" : "--groups=" + String.join(",", groups), "--");
    }

    /** Status and body. */
    private String curl(List<String> as) throws IOException {
        List<String> words = new ArrayList<>(as);
        words.addAll(
                List.of("curl", "-sS", "--max-time", "20", "--write-out", "%{stderr}%{http_code} ", "--unix-socket",
                        socket.toString(), "http://localhost/status"));
        Command.Outcome outcome = Command.run(directory, new byte[0], words);
        return outcome.errors().replaceAll("(?s).*?([0-9]{3} )$", "$1") + outcome.output();
    }

    /** The program itself, from a copy that every user may read. */
    private Command.Outcome command(List<String> as) throws IOException {
        Path copy = Files.createDirectories(directory.resolve("program"));
        String own = Path.of("target", "classes").toString();
        String classPath = Objects
                .requireNonNull(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        for (String part : classPath.split(File.pathSeparator, -1)) {
            if (part.endsWith(own) || part.endsWith(".jar")) {
                Command.succeed(directory, new byte[0],
                        List.of("cp", "-r", "--no-preserve=mode", part, copy.toString()));
            }
        }
        List<String> words = new ArrayList<>(as);
        words.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-cp", copy + "/classes:" + copy + "/*",
                "io.dualpost.Main", "status", "--socket", socket.toString()));
        return Command.run(directory, new byte[0], words);
    }
}
