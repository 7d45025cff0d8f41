package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTest {
    private static Fault.Kind kind(Stage stage, IOException failure, boolean expired, boolean routed) {
        return Fault.of(stage, Duration.ZERO, failure, expired, routed).kind();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsCalledByItsName(Fault.Kind expected, Stage stage, IOException failure) {
        assertThat(kind(stage, failure, false, true)).isEqualTo(expected);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Fault.Kind.REFUSED, Stage.CONNECT, new ConnectException("Connection refused")),
                Arguments.of(Fault.Kind.UNANSWERED, Stage.CONNECT, new ConnectException("Connection timed out")),
                Arguments.of(Fault.Kind.UNANSWERED, Stage.CONNECT, new SocketTimeoutException("Connect timed out")),
                Arguments.of(Fault.Kind.UNREACHABLE, Stage.CONNECT, new NoRouteToHostException("No route to host")),
                Arguments.of(Fault.Kind.UNREACHABLE, Stage.CONNECT, new SocketException("Network is unreachable")),
                // Linux turns "administratively prohibited" into EACCES, and the JDK that into this.
                Arguments.of(Fault.Kind.UNREACHABLE, Stage.CONNECT, new BindException("Permission denied")),
                Arguments.of(Fault.Kind.RESET, Stage.GREETING, new SocketException("Connection reset")),
                Arguments.of(Fault.Kind.CLOSED, Stage.GREETING, new EOFException("closed")),
                Arguments.of(Fault.Kind.CLOSED, Stage.TLS, new SSLHandshakeException("terminated", new EOFException())),
                Arguments.of(Fault.Kind.TLS, Stage.TLS, new SSLException("Unsupported or unrecognized SSL message")),
                Arguments.of(Fault.Kind.SAID_NO, Stage.GREETING, new Fault.Found(Fault.Kind.SAID_NO, "-ERR")));
    }

    @Test
    void withoutARouteNothingIsSaidOfTheServer() {
        assertThat(kind(Stage.CONNECT, new SocketException("Network is unreachable"), false, false))
                .isEqualTo(Fault.Kind.NO_ROUTE);
        assertThat(kind(Stage.CONNECT, new ConnectException("Connection refused"), false, false))
                .isEqualTo(Fault.Kind.REFUSED);
    }

    @Test
    void theEndOfPatienceIsNotAReset() {
        assertThat(kind(Stage.TLS, new SocketException("Socket closed"), true, true)).isEqualTo(Fault.Kind.SILENT);
        assertThat(kind(Stage.CONNECT, new SocketException("Socket closed"), true, true))
                .isEqualTo(Fault.Kind.UNANSWERED);
    }

    @Test
    void wordsOfAServerAreHarmless() {
        assertThat(
                Fault.of(Stage.GREETING, Duration.ZERO, new Fault.Found(Fault.Kind.SAID_NO, "-ERR \u001b[31m\r\u202e"),
                        false, true).words())
                .isEqualTo("-ERR \\x1b[31m\\x0d\\u202e");
    }

    @Test
    void harmlessTextIsShortAndCanBeReadBack() {
        assertThat(Harmless.text("a\\x1b")).isEqualTo("a\\\\x1b");
        assertThat(Harmless.text("x".repeat(9_000))).isEqualTo("x".repeat(512) + "...");
        assertThat(Harmless.text("\u007f\u0085\u2028\n")).isEqualTo("\\x7f\\x85\\u2028\\x0a");
    }
}
