package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.gate.Fallbacks.Fallback;
import io.dualpost.gate.Fallbacks.Line;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FallbacksTest {
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8:1:1::7");
    private static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.7");

    private final Fallbacks fallbacks = new Fallbacks();
    private long now = -9;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<Fallback> ipv4(String account) {
        return fallbacks.loggedIn(account, Family.IPV4, HostRole.DUAL, FOUR, now);
    }

    private void ipv6(String account) {
        assertThat(fallbacks.loggedIn(account, Family.IPV6, HostRole.DUAL, SIX, now)).isEmpty();
    }

    private static List<String> accounts(List<Line> lines) {
        return lines.stream().map(Line::account).toList();
    }

    @Test
    void aLoginOverIpv4SoonAfterAFailureOnIpv6IsAFallbackOnce() {
        fallbacks.failed("Ann@example.test", SIX, now);
        pass(Duration.ofMillis(1500));
        assertThat(ipv4("ann@example.test")).contains(new Fallback(Duration.ofMillis(1500), false));
        assertThat(ipv4("ann@example.test")).isEmpty();
        assertThat(fallbacks.report(now).fallbacks()).singleElement()
                .satisfies(line -> assertThat(line.account()).isEqualTo("ann@example.test"));
        assertThat(fallbacks.report(now).candidates()).isEmpty();
    }

    @Test
    void threeMinutesLaterItIsNone() {
        fallbacks.failed("ann", SIX, now);
        pass(Fallbacks.SOON.plusNanos(1));
        assertThat(ipv4("ann")).isEmpty();
    }

    @Test
    void whoNeverComesByIpv4IsACandidateForTheRescueHost() {
        fallbacks.failed("ann", SIX, now);
        assertThat(fallbacks.report(now).candidates()).isEmpty();
        fallbacks.failed("ann", SIX, now);
        assertThat(accounts(fallbacks.report(now).candidates())).containsExactly("ann");
        ipv6("ann");
        assertThat(fallbacks.report(now).candidates()).isEmpty();
    }

    @Test
    void whoIsPointedAtTheRescueHostIsNoLongerACandidate() {
        fallbacks.failed("ann", SIX, now);
        fallbacks.failed("ann", SIX, now);
        fallbacks.loggedIn("ann", Family.IPV4, HostRole.RESCUE, FOUR, now);
        assertThat(fallbacks.report(now).candidates()).isEmpty();
        assertThat(fallbacks.report(now).returning()).isEmpty();
        ipv6("ann");
        assertThat(accounts(fallbacks.report(now).returning())).containsExactly("ann");
    }

    @Test
    void aFailureWithoutANameIsPutDownToTheAccountsOfItsNetworkAsAnEstimate() {
        ipv6("ann");
        fallbacks.failedUnnamed(InetAddress.ofLiteral("2001:db8:1:1::99"), now);
        pass(Duration.ofSeconds(2));
        assertThat(ipv4("bob")).isEmpty();
        assertThat(ipv4("ann")).contains(new Fallback(Duration.ofSeconds(2), true));
    }

    @Test
    void behindManyAccountsNobodyIsNamed() {
        for (int i = 0; i <= Fallbacks.NEIGHBOURS; i++) {
            ipv6("user" + i);
        }
        fallbacks.failedUnnamed(SIX, now);
        assertThat(ipv4("user0")).isEmpty();
    }

    @Test
    void allIsForgottenAfterAWeek() {
        fallbacks.failed("ann", SIX, now);
        fallbacks.failed("ann", SIX, now);
        pass(Fallbacks.MEMORY.plusNanos(1));
        assertThat(fallbacks.report(now).candidates()).isEmpty();
    }

    @Test
    void aFloodOfNamesPushesOutTheOldest() {
        fallbacks.failed("ann", SIX, now);
        for (int i = 0; i < Fallbacks.ACCOUNTS; i++) {
            fallbacks.failed("user" + i, SIX, now);
        }
        assertThat(ipv4("ann")).isEmpty();
        assertThat(ipv4("user1")).isPresent();
    }

    @Test
    void theCountsAreTheLengthsOfTheLists() {
        for (String account : List.of("ann", "ben", "cem")) {
            fallbacks.failed(account, SIX, now);
            fallbacks.failed(account, SIX, now);
        }
        ipv6("dan");
        fallbacks.loggedIn("dan", Family.IPV4, HostRole.RESCUE, FOUR, now);
        assertThat(fallbacks.counts(now)).isEqualTo(new Fallbacks.Counts(3, 1));
        pass(Fallbacks.MEMORY.plusNanos(1));
        assertThat(fallbacks.counts(now)).isEqualTo(new Fallbacks.Counts(0, 0));
    }

    @Test
    void ofALongNameItsBeginningIsKept() {
        String name = "a".repeat(4000);
        fallbacks.failed(name, SIX, now);
        pass(Duration.ofSeconds(1));
        assertThat(ipv4(name)).isPresent();
        assertThat(accounts(fallbacks.report(now).fallbacks())).containsExactly("a".repeat(255));
    }
}
