package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NftListingTest {
    /** As nft 1.0.6 prints it. */
    private static final String LISTED = """
            table inet dualpost {
            	counter refused {
            		packets 7 bytes 560
            	}

            	set ports {
            		type inet_service
            		elements = { 110, 995 }
            	}

            	set refused_64 {
            		type ipv6_addr
            		counter
            		timeout 86400s
            		elements = { 2001:db8:1:: counter packets 6 bytes 480 expires 86399s,
            			     2001:db8:3:: counter packets 0 bytes 0 timeout 7s expires 6s }
            	}

            	set refused_128 {
            		type ipv6_addr
            		flags timeout
            		counter
            		timeout 1d
            		elements = { 2001:db8::9 counter packets 1 bytes 80 timeout 1h expires 59m59s990ms }
            	}

            	chain input {
            		type filter hook input priority 0; policy accept;
            		tcp dport @ports tcp flags 0x2 / 0x1,0x2,0x4,0x10 jump refuse
            	}

            	chain refuse {
            		meta l4proto 6 ip6 saddr & ffff:ffff:ffff:ffff:: == @refused_64 counter name "refused" reject with tcp reset
            		meta l4proto 6 ip6 saddr @refused_128 counter name "refused" reject with tcp reset
            	}
            }
            """;

    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    @Test
    void allOfItIsRead() {
        NftListing listing = NftListing.parse(LISTED).orElseThrow();
        assertThat(listing.lengths()).isEqualTo(new TreeSet<>(Set.of(64, 128)));
        assertThat(listing.counted()).isTrue();
        assertThat(listing.ports()).isEqualTo(new TreeSet<>(Set.of(110, 995)));
        assertThat(listing.total()).isEqualTo(7);
        assertThat(listing.refused()).containsExactly(new RefusedPrefix(prefix("2001:db8:1::/64"), 86_399),
                new RefusedPrefix(prefix("2001:db8:3::/64"), 6), new RefusedPrefix(prefix("2001:db8::9/128"), 3600));
        assertThat(listing.hits()).isEqualTo(Map.of(prefix("2001:db8:1::/64"), 6L, prefix("2001:db8:3::/64"), 0L,
                prefix("2001:db8::9/128"), 1L));
        assertThat(NftListing.total("table inet dualpost {\n\tcounter refused {\n\t\tpackets 12 bytes 960\n\t}\n}\n"))
                .isEqualTo(12);
    }

    @Test
    void aKernelWithoutCountersPerElementIsKnown() {
        assertThat(NftListing.parse(LISTED.replaceFirst("\\t\\tcounter\\n", "")).orElseThrow().counted()).isFalse();
    }

    @Test
    void aTableThatLacksSomethingIsStillItsOwn() {
        assertThat(NftListing.parse("table inet dualpost {\n}\n")).isPresent();
        assertThat(NftListing.parse(LISTED.replaceFirst("(?s)\\tcounter refused \\{.*?}\\n", ""))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\tset mine {\n\t\ttype ipv6_addr\n\t}\n", "\tset refused_7 {\n\t\ttype ipv6_addr\n\t}\n",
            "\tset refused_64x {\n\t\ttype ipv6_addr\n\t}\n", "\tset refused_48 {\n\t\ttype ipv4_addr\n\t}\n",
            "\tcounter mine {\n\t}\n", "\tmap ports {\n\t\ttype inet_service : verdict\n\t}\n",
            "\tchain output {\n\t\ttype filter hook output priority 0; policy accept;\n\t}\n",
            "\tcomment \"somebody's\"\n", "\tflags dormant\n"})
    void aTableWithMoreIsSomebodyElses(String more) {
        assertThat(NftListing.parse(LISTED.replace("\tchain refuse", more + "\tchain refuse"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"hook input priority 0; policy accept | hook input priority 0; policy drop",
            "hook input priority 0 | hook forward priority 0", "hook input priority 0 | hook input priority -5",
            "table inet dualpost | table inet other", "table inet dualpost | table ip6 dualpost"})
    void aTableOfAnotherShapeIsSomebodyElses(String mine, String other) {
        assertThat(NftListing.parse(LISTED.replace(mine, other))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6s,6", "990ms,1", "59m59s990ms,3600", "1d,86400", "23h59m59s,86399", "0s,0", "1d1s,86401"})
    void timesAreReadAndRoundedUp(String time, int seconds) {
        assertThat(NftListing.seconds(time)).isEqualTo(seconds);
    }
}
