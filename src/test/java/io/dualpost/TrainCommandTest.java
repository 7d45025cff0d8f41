package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.config.Configuration;
import io.dualpost.config.ConfigurationReader;
import io.dualpost.demo.Demo;
import io.dualpost.tls.DevelopmentAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM learns from; that it learns, and starts from that, is tried with the jar by deploy/check. */
class TrainCommandTest {
    private static final int SESSIONS = 48;

    @Test
    void theVisitsReachEveryListenerOverEachFamilyFullAndResumed() throws Exception {
        try (Demo demo = TrainCommand.open(); Proxy proxy = Proxy.open(configuration(demo))) {
            demo.visit(demo.folder().resolve(DevelopmentAuthority.CERTIFICATE_FILE), SESSIONS);

            String metrics = metrics(proxy);
            List<String> families = demo.ipv6() ? List.of("ipv4", "ipv6") : List.of("ipv4");
            assertThat(sum(metrics, "dualpost_logins_total\\{[^}]*result=\"ok\"[^}]*")).isEqualTo(SESSIONS);
            for (String listener : listeners(metrics)) {
                for (String family : families) {
                    assertThat(sum(metrics, "dualpost_tls_handshakes_total\\{family=\"" + family + "\",listener=\""
                            + listener + "\",resumed=\"no\"[^}]*")).as("%s %s", listener, family).isPositive();
                }
                assertThat(sum(metrics, "dualpost_tls_handshakes_total\\{[^}]*listener=\"" + listener
                        + "\",resumed=\"yes\"[^}]*")).as(listener).isPositive();
            }
            assertThat(listeners(metrics)).hasSize(4);
        }
    }

    @Test
    void aVisitThatGoesWrongSaysSo(@TempDir Path folder) throws Exception {
        try (Demo demo = TrainCommand.open(); Proxy proxy = Proxy.open(configuration(demo))) {
            DevelopmentAuthority.open(folder, InstantSource.system());
            Path stranger = folder.resolve(DevelopmentAuthority.CERTIFICATE_FILE);

            assertThat(proxy.sockets()).isNotEmpty();
            assertThatThrownBy(() -> demo.visit(stranger, SESSIONS)).isInstanceOf(IOException.class)
                    .hasMessageContaining("certification path");
        }
    }

    @Test
    void classesOutsideAJarCannotBeTrained(@TempDir Path folder) {
        Path cache = folder.resolve("dualpost.aot");

        assertThat(Main.run("train", "--output", cache.toString())).isEqualTo(1);
        assertThat(cache).doesNotExist();
    }

    private static Configuration configuration(Demo demo) throws Exception {
        return switch (ConfigurationReader.read(DemoCommand.configure(demo, "info"))) {
            case ConfigurationReader.Read(Configuration sound, var _) -> sound;
            case ConfigurationReader.Broken(var problems) -> throw new AssertionError(problems);
        };
    }

    private static String metrics(Proxy proxy) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + proxy.adminPort().orElseThrow() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
        }
    }

    private static List<String> listeners(String metrics) {
        return Pattern.compile("dualpost_listener_info\\{[^}]*listener=\"([^\"]+)\"").matcher(metrics).results()
                .map(found -> found.group(1)).distinct().toList();
    }

    private static double sum(String metrics, String series) {
        return Pattern.compile("^" + series + "} ([0-9.E]+)$", Pattern.MULTILINE).matcher(metrics).results()
                .map(MatchResult::group).mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }
}
