package io.dualpost.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.Offer;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Backend A = new Backend("p", new Endpoint("a", 110));
    private static final Backend B = new Backend("p", new Endpoint("b", 110));
    private static final Backend C = new Backend("p", new Endpoint("c", 110));

    private final Health health = new Health();

    private static Pool pool(List<String> offer) {
        return new Pool("p", Protocol.POP3, List.of(A, B, C), TlsMode.NONE,
                new Pool.Trust(Optional.empty(), Optional.empty()), Forwarding.NONE, offer);
    }

    @Test
    void backendsTakeTurns() {
        assertThat(health.order(pool(List.of()), 0)).containsExactly(A, B, C);
        assertThat(health.order(pool(List.of()), 0)).containsExactly(B, C, A);
        assertThat(health.order(pool(List.of()), 0)).containsExactly(C, A, B);
        assertThat(health.order(pool(List.of()), 0)).containsExactly(A, B, C);
    }

    @Test
    void whoFailedOfLateIsTriedLastAndNeverNotAtAll() {
        assertThat(health.failed(A, Family.IPV4, 0)).isTrue();
        assertThat(health.failed(A, Family.IPV4, 0)).isFalse();
        assertThat(health.isUp(A)).isFalse();
        assertThat(health.order(pool(List.of()), Health.SHUNNED.toNanos() - 1)).containsExactly(B, C, A);
        health.order(pool(List.of()), 0);
        health.order(pool(List.of()), 0);
        assertThat(health.order(pool(List.of()), Health.SHUNNED.toNanos())).containsExactly(A, B, C);
        assertThat(health.served(A, Family.IPV4)).isTrue();
        assertThat(health.served(A, Family.IPV4)).isFalse();
        assertThat(health.isUp(A)).isTrue();
    }

    @Test
    void aBackendServesAsLongAsOneOfItsFamiliesDoes() {
        assertThat(health.isUp(A, Family.IPV6)).isFalse();
        health.found(A, List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")));
        assertThat(health.isUp(A, Family.IPV6)).isTrue();
        assertThat(health.addresses(A, Family.IPV6)).isEqualTo(1);
        health.failed(A, Family.IPV6, 0);
        assertThat(health.isUp(A, Family.IPV6)).isFalse();
        assertThat(health.isUp(A)).isTrue();
        assertThat(health.order(pool(List.of()), 1)).startsWith(A);
        health.failed(A, Family.IPV4, 0);
        assertThat(health.isUp(A)).isFalse();
        health.found(A, List.of(InetAddress.ofLiteral("192.0.2.1")));
        assertThat(health.isUp(A)).as("a family without addresses is no hope").isFalse();
        health.served(A, Family.IPV4);
        assertThat(health.isUp(A)).isTrue();
    }

    @Test
    void onlyWhatAllProbedBackendsHaveIsOffered() {
        assertThat(health.offer(pool(List.of())).lines()).isEmpty();
        health.learned(A, Offer.of(List.of("TOP", "UIDL", "STLS")));
        assertThat(health.offer(pool(List.of())).lines()).containsExactly("TOP", "UIDL");
        health.learned(C, Offer.of(List.of("UIDL", "PIPELINING")));
        assertThat(health.offer(pool(List.of())).lines()).containsExactly("UIDL");
        assertThat(health.offer(pool(List.of("TOP"))).lines()).isEmpty();
    }
}
