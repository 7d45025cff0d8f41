package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.telemetry.HandshakeFailure;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN | CLIENT_ALERT",
            "Received fatal alert: unknown_ca | CLIENT_ALERT",
            "error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION | CLIENT_ALERT",
            "error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL | NO_SHARED_VERSION",
            "Client requested protocol TLSv1.1 is not enabled or not supported in server context | NO_SHARED_VERSION",
            "error:100000b8:SSL routines:OPENSSL_internal:NO_SHARED_CIPHER | NO_SHARED_CIPHER",
            "no cipher suites in common | NO_SHARED_CIPHER",
            "Connection closed while SSL/TLS handshake was in progress | CLOSED",
            "recvAddress(..) failed with error(-104): Connection reset by peer | RESET", "Connection reset | RESET",
            "something new | OTHER"})
    void theEnginesWordsTellTheKind(String words, HandshakeFailure kind) {
        assertThat(TlsFailure.kind(new SSLHandshakeException(words))).isEqualTo(kind);
    }

    @Test
    void theExceptionTellsTheKindHoweverDeepItIs() {
        assertThat(TlsFailure.kind(new IOException(new NotSslRecordException("hex"))))
                .isEqualTo(HandshakeFailure.NO_TLS);
        assertThat(TlsFailure.kind(new SSLException(new ClosedChannelException()))).isEqualTo(HandshakeFailure.CLOSED);
    }

    @Test
    void octetsThatAreNoTlsAreNotRepeated() {
        assertThat(TlsFailure.reason(new IOException(new NotSslRecordException("not a record: 50415353"))))
                .doesNotContain("50415353");
    }
}
