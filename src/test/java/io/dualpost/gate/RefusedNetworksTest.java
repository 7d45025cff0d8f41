package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedNetworksTest {
    private static final InetAddress ANN = InetAddress.ofLiteral("2001:db8:1:1::7");
    private static final InetAddress NEXT_DOOR = InetAddress.ofLiteral("2001:db8:1:1:9::1");
    private static final InetAddress BOB = InetAddress.ofLiteral("2001:db8:1:2::7");
    private static final Prefix NETWORK = Prefix.parse("2001:db8:1:1::/64").orElseThrow();

    private final RefusedNetworks networks = new RefusedNetworks(List.of(Prefix.parse("2002::/16").orElseThrow()));
    // Monotonic time may be negative and is never wall time.
    private long now = -5_000_000_000L;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<RefusedNetworks.Entry> fail(InetAddress address) {
        return networks.failed(address, PathVerdict.PATH_MTU, now);
    }

    private boolean isRefused(InetAddress address) {
        return networks.refusal(address, now).isPresent();
    }

    private void refuse() {
        fail(ANN);
        assertThat(fail(NEXT_DOOR)).isPresent();
    }

    @Test
    void twoBrokenConnectionsWithinTenMinutesRefuseTheNetworkForAnHour() {
        assertThat(fail(ANN)).isEmpty();
        pass(Duration.ofMinutes(10));
        RefusedNetworks.Entry entry = fail(NEXT_DOOR).orElseThrow();

        assertThat(entry).isEqualTo(new RefusedNetworks.Entry(NETWORK, RefusedNetworks.Origin.LEARNED,
                Optional.of(PathVerdict.PATH_MTU), 2, Optional.of(Duration.ofHours(1))));
        assertThat(isRefused(ANN)).isTrue();
        assertThat(isRefused(BOB)).isFalse();
        pass(Duration.ofHours(1).minusNanos(1));
        assertThat(isRefused(ANN)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(isRefused(ANN)).isFalse();
    }

    @Test
    void twoThatAreFurtherApartDoNot() {
        fail(ANN);
        pass(Duration.ofMinutes(10).plusNanos(1));
        assertThat(fail(ANN)).isEmpty();
        assertThat(fail(ANN)).isPresent();
    }

    @Test
    void aGoodSessionWithinTenMinutesSpeaksForTheNetwork() {
        networks.succeeded(NEXT_DOOR, now);
        pass(Duration.ofMinutes(10));
        fail(ANN);
        fail(ANN);
        assertThat(fail(ANN)).isEmpty();
        assertThat(networks.explain(ANN, now).good()).contains(Duration.ofMinutes(10));
        pass(Duration.ofNanos(1));
        fail(ANN);
        assertThat(fail(ANN)).isPresent();
    }

    @Test
    void aGoodSessionForgetsWhatWasSeenBefore() {
        fail(ANN);
        assertThat(networks.succeeded(ANN, now)).isEmpty();
        pass(Duration.ofMinutes(11));
        assertThat(fail(ANN)).isEmpty();
    }

    @Test
    void onTrialOneBrokenConnectionIsEnoughForTwiceTheTimeUpToADay() {
        refuse();
        for (int hours : List.of(2, 4, 8, 16, 24, 24)) {
            pass(Duration.ofHours(24));
            assertThat(networks.explain(ANN, now).trial()).isTrue();
            assertThat(isRefused(ANN)).isFalse();
            assertThat(fail(ANN).orElseThrow().left()).contains(Duration.ofHours(hours));
        }
    }

    @Test
    void onTrialAGoodSessionForgetsTheNetwork() {
        refuse();
        pass(Duration.ofHours(1));
        assertThat(networks.succeeded(ANN, now)).contains(NETWORK);
        pass(Duration.ofHours(1));
        assertThat(fail(ANN)).isEmpty();
        assertThat(fail(ANN).orElseThrow().left()).contains(Duration.ofHours(1));
    }

    @Test
    void onTrialOneIsLetInAndOthersAreRefusedUntilItIsKnown() {
        refuse();
        pass(Duration.ofHours(1));
        RefusedNetworks.Attempt canary = networks.attempt(ANN, now).orElseThrow();
        assertThat(canary.canary()).isTrue();
        assertThat(canary.entry().left()).contains(RefusedNetworks.TRIAL);
        assertThat(networks.attempt(NEXT_DOOR, now).orElseThrow().canary()).isFalse();
        assertThat(networks.attempts(NETWORK)).isEqualTo(1);
        assertThat(networks.explain(ANN, now).trial()).isTrue();

        pass(Duration.ofSeconds(4));
        assertThat(fail(ANN).orElseThrow().left()).contains(Duration.ofHours(2));
        assertThat(networks.explain(ANN, now).trial()).isFalse();
        assertThat(fail(NEXT_DOOR)).isEmpty();
    }

    @Test
    void aCanaryThatShowsNothingMakesRoomForTheNext() {
        refuse();
        pass(Duration.ofHours(1));
        networks.attempt(ANN, now);
        pass(RefusedNetworks.TRIAL);
        assertThat(isRefused(NEXT_DOOR)).isFalse();
        assertThat(networks.attempt(NEXT_DOOR, now).orElseThrow().canary()).isTrue();
        assertThat(networks.succeeded(NEXT_DOOR, now)).contains(NETWORK);
        assertThat(networks.attempt(ANN, now)).isEmpty();
    }

    @Test
    void connectionsThatWereUnderWayWhenItWasRefusedProlongNothing() {
        refuse();
        assertThat(fail(ANN)).isEmpty();
        assertThat(networks.refusal(ANN, now).orElseThrow().left()).contains(Duration.ofHours(1));
    }

    @Test
    void configurationAndOperatorRefuseWhateverLengthTheyLike() {
        assertThat(networks.refusal(InetAddress.ofLiteral("2002:c000:201::1"), now).orElseThrow().origin())
                .isEqualTo(RefusedNetworks.Origin.STATIC);
        Prefix wide = Prefix.parse("2001:db8::/32").orElseThrow();
        assertThat(networks.add(wide, Duration.ofMinutes(5), now)).isTrue();
        assertThat(networks.refusal(BOB, now).orElseThrow()).isEqualTo(new RefusedNetworks.Entry(wide,
                RefusedNetworks.Origin.OPERATOR, Optional.empty(), 0, Optional.of(Duration.ofMinutes(5))));
        pass(Duration.ofMinutes(5));
        assertThat(isRefused(BOB)).isFalse();
        assertThat(networks.list(now)).hasSize(1);
    }

    @Test
    void theOperatorRemovesWhatWasAddedAndWhatWasLearned() {
        refuse();
        networks.add(Prefix.parse("2001:db8:1:2::/64").orElseThrow(), Duration.ofHours(1), now);
        assertThat(networks.remove(NETWORK)).isTrue();
        assertThat(networks.remove(Prefix.parse("2001:db8:1:2::/64").orElseThrow())).isTrue();
        assertThat(networks.remove(NETWORK)).isFalse();
        assertThat(isRefused(ANN)).isFalse();
        assertThat(isRefused(BOB)).isFalse();
    }

    @Test
    void aFloodOfNetworksPushesOutTheOldestAndNothingGrows() {
        refuse();
        for (int i = 0; i < RefusedNetworks.LEARNED; i++) {
            InetAddress address = InetAddress.ofLiteral(String.format("2001:db8:ffff:%x::1", i));
            fail(address);
            fail(address);
        }
        assertThat(isRefused(ANN)).isFalse();
        assertThat(networks.counts(now)).containsEntry(RefusedNetworks.Origin.LEARNED, RefusedNetworks.LEARNED);
        for (int i = 0; i < RefusedNetworks.ADDED; i++) {
            assertThat(networks.add(Prefix.parse(String.format("2001:db8:%x::/48", i)).orElseThrow(),
                    Duration.ofHours(1), now)).isTrue();
        }
        assertThat(networks.add(Prefix.parse("2001:db9::/48").orElseThrow(), Duration.ofHours(1), now)).isFalse();
        pass(Duration.ofHours(1));
        assertThat(networks.add(Prefix.parse("2001:db9::/48").orElseThrow(), Duration.ofHours(1), now)).isTrue();
    }
}
