package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.gate.PathReading;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PathGuardTest {
    private static final PathReading HOLE = new PathReading(2, 1, 2, 0, 517, 2);
    private static final PathReading FIRST_LOST = new PathReading(0, 0, 0, 1, 0, 0);
    private static final PathReading QUIET = PathReading.NOTHING;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> verdicts = new ArrayList<>();
    private Optional<PathReading> reading = Optional.of(QUIET);
    private int looks;
    private long millis;
    private final PathGuard guard = new PathGuard(channel, () -> {
        looks++;
        return reading;
    }, (verdict, _) -> verdicts.add(verdict.label() + " after " + millis));

    PathGuardTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(int time) {
        for (long end = millis + time; millis < end;) {
            millis += 100;
            channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void whatTheServersOwnPacketsSayIsCertainAfterThreeSeconds() {
        guard.expect(false);
        guard.heard();
        reading = Optional.of(HOLE);
        pass(10_000);
        assertThat(verdicts).containsExactly("path_mtu after 3000");
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void aClientThatLostTwoPacketsByChanceMaySayItsFirstWordsAgainAfterThreeSeconds() {
        for (PathReading lost : List.of(QUIET, FIRST_LOST)) {
            guard.expect(false);
            reading = Optional.of(lost);
            pass(3_100);
            guard.heard();
            pass(5_000);
            guard.rest();
            pass(5_000);
        }
        assertThat(verdicts).isEmpty();
    }

    @Test
    void aClientOfWhomNothingMoreComesIsGivenUpBeforeFourSeconds() {
        guard.expect(false);
        pass(5_000);
        guard.expect(false);
        reading = Optional.of(FIRST_LOST);
        pass(5_000);
        assertThat(verdicts).containsExactly("silent after 3700", "client_loss after 8700");
    }

    @Test
    void aClientThatMissedTheAnswerToItsSynHasSixSeconds() {
        guard.expect(false);
        reading = Optional.of(new PathReading(0, 0, 0, 0, 0, 1));
        pass(5_500);
        guard.heard();
        pass(1_000);
        assertThat(verdicts).isEmpty();
        guard.rest();
        pass(5_000);
        guard.expect(false);
        pass(10_000);
        assertThat(verdicts).containsExactly("silent after 17500");
    }

    @Test
    void whatIsSeenAfterTheFirstLookHasToLast() {
        guard.expect(false);
        guard.heard();
        pass(2_000);
        reading = Optional.of(HOLE);
        pass(1_500);
        assertThat(verdicts).isEmpty();
        pass(5_000);
        assertThat(verdicts).containsExactly("path_mtu after 5000");
    }

    @Test
    void onlyPacketsOutOfOrderSinceTheUpgradeToTlsAreHeldAgainstTheHandshake() {
        reading = Optional.of(new PathReading(0, 0, 0, 2, 12, 0));
        guard.expect(true);
        pass(5_000);
        guard.expect(true);
        reading = Optional.of(new PathReading(0, 0, 0, 3, 12, 0));
        pass(5_000);
        assertThat(verdicts).containsExactly("silent after 3700", "client_loss after 8700");
    }

    @Test
    void aClientThatGotOnIsNotHeldByATimer() {
        guard.expect(false);
        assertThat(channel.runScheduledPendingTasks()).isPositive();
        guard.rest();
        assertThat(channel.runScheduledPendingTasks()).as("when the next timer goes off: never").isEqualTo(-1);
    }

    @Test
    void nothingIsAskedOfAClientThatGetsOnOrWhereTcpCannotBeAsked() {
        guard.expect(false);
        pass(900);
        guard.rest();
        pass(5_000);
        assertThat(looks).isZero();
        guard.expect(false);
        reading = Optional.empty();
        pass(5_000);
        assertThat(looks).isEqualTo(1);
        assertThat(verdicts).isEmpty();
    }
}
