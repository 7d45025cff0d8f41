package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.gate.Withdrawal.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithdrawalTest {
    private final Withdrawal withdrawal = new Withdrawal();
    private long now = -7_000_000_000L;

    private Optional<Reason> after(Duration time) {
        now += time.toNanos();
        return withdrawal.decide(now);
    }

    private Optional<Reason> set(Reason reason, boolean holds) {
        withdrawal.set(reason, holds, now);
        return withdrawal.decide(now);
    }

    @Test
    void theOperatorIsObeyedAtOnce() {
        assertThat(set(Reason.OPERATOR, true)).contains(Reason.OPERATOR);
        assertThat(set(Reason.OPERATOR, false)).isEmpty();
        assertThat(set(Reason.OPERATOR, true)).contains(Reason.OPERATOR);
        assertThat(set(Reason.DRAIN, true)).contains(Reason.DRAIN);
    }

    @Test
    void whatTheProxyFindsByItselfMustLast() {
        assertThat(set(Reason.BACKENDS, true)).isEmpty();
        assertThat(after(Withdrawal.LASTING.minusNanos(1))).isEmpty();
        assertThat(after(Duration.ofNanos(1))).contains(Reason.BACKENDS);
        assertThat(set(Reason.BACKENDS, false)).contains(Reason.BACKENDS);
        assertThat(after(Withdrawal.REST.minusNanos(1))).contains(Reason.BACKENDS);
        assertThat(after(Duration.ofNanos(1))).isEmpty();
    }

    @Test
    void aBlinkChangesNothing() {
        set(Reason.SELF_TEST, true);
        after(Duration.ofSeconds(1));
        set(Reason.SELF_TEST, false);
        set(Reason.SELF_TEST, true);
        assertThat(after(Duration.ofMillis(1999))).isEmpty();
    }

    @Test
    void theRestDoublesForWhoComesBackAndGoesAgain() {
        List<Duration> rests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            set(Reason.BACKENDS, true);
            after(Withdrawal.LONGEST_REST);
            rests.add(withdrawal.rest());
            set(Reason.BACKENDS, false);
            assertThat(after(withdrawal.rest())).isEmpty();
        }
        assertThat(rests.getFirst()).isEqualTo(Withdrawal.REST);
        assertThat(rests).isSorted();
        after(Duration.ofHours(1));
        set(Reason.BACKENDS, true);
        after(Withdrawal.LASTING);
        assertThat(withdrawal.rest()).isEqualTo(Withdrawal.REST);
    }

    /** Whatever happens when: no automatic change sooner than a rest after the last, and in the end what holds is so. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itNeverFlaps(long seed) {
        Random random = new Random(seed);
        Set<Reason> holding = EnumSet.noneOf(Reason.class);
        List<Reason> automatic = List.of(Reason.SELF_TEST, Reason.BACKENDS, Reason.OVERLOAD);
        boolean away = false;
        long changed = Long.MIN_VALUE / 2;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(Duration.ofMillis(1500).toNanos());
            Reason one = automatic.get(random.nextInt(automatic.size()));
            if (random.nextInt(10) == 0) {
                boolean holds = random.nextBoolean();
                withdrawal.set(one, holds, now);
                boolean _ = holds ? holding.add(one) : holding.remove(one);
            }
            boolean is = withdrawal.decide(now).isPresent();
            if (is != away) {
                assertThat(now - changed).isGreaterThanOrEqualTo(Withdrawal.REST.toNanos());
                changed = now;
                away = is;
            }
        }
        Optional<Reason> settled = Optional.empty();
        for (int i = 0; i < 400; i++) {
            settled = after(Duration.ofSeconds(1));
        }
        assertThat(settled.isPresent()).isEqualTo(!holding.isEmpty());
        settled.ifPresent(reason -> assertThat(holding).contains(reason));
    }
}
