package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusedPrefixesTest {
    private final RefusedPrefixes refused = new RefusedPrefixes(3);

    private static RefusedPrefix one(int number, int seconds) {
        return new RefusedPrefix(prefix(number), seconds);
    }

    private static Prefix prefix(int number) {
        return Prefix.parse("2001:db8:" + number + "::/64").orElseThrow();
    }

    private static long at(double seconds) {
        // A clock may begin anywhere.
        return Long.MAX_VALUE - 5_000_000_000L + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void eachEndsByItself() {
        refused.put(one(1, 60), at(0));
        refused.put(one(2, 10), at(0));
        assertThat(refused.all(at(0.5))).containsExactly(one(2, 10), one(1, 60));
        assertThat(refused.all(at(9.5))).containsExactly(one(2, 1), one(1, 51));
        assertThat(refused.all(at(10))).containsExactly(one(1, 50));
        assertThat(refused.size(at(60))).isZero();
    }

    @Test
    void aNewEndTakesThePlaceOfTheOld() {
        refused.put(one(1, 60), at(0));
        refused.put(one(1, 10), at(5));
        assertThat(refused.all(at(5))).containsExactly(one(1, 10));
        refused.put(one(1, 100), at(6));
        assertThat(refused.all(at(6))).containsExactly(one(1, 100));
    }

    @Test
    void whenItIsFullTheOneThatEndsSoonestGoes() {
        refused.put(one(1, 60), at(0));
        refused.put(one(2, 10), at(0));
        refused.put(one(3, 30), at(0));
        // One that is there needs no room.
        assertThat(refused.put(one(2, 50), at(0))).isEmpty();
        assertThat(refused.put(one(4, 5), at(0))).contains(prefix(3));
        assertThat(refused.put(one(5, 5), at(1))).contains(prefix(4));
        // What has ended makes room.
        assertThat(refused.put(one(6, 5), at(7))).isEmpty();
        assertThat(refused.size(at(7))).isEqualTo(3);
    }

    @Test
    void whatIsTakenOutIsGone() {
        refused.put(one(1, 60), at(0));
        refused.put(one(2, 60), at(0));
        refused.remove(prefix(1));
        refused.remove(prefix(7));
        assertThat(refused.all(at(0))).containsExactly(one(2, 60));
        assertThat(refused.among(List.of(prefix(1), prefix(2)), at(0))).containsExactly(one(2, 60));
        refused.clear();
        assertThat(refused.all(at(0))).isEmpty();
    }
}
