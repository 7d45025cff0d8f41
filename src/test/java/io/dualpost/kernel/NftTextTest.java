package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What nft is told, to the letter; that nft takes it is shown by the real tests. */
class NftTextTest {
    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    @Test
    void theFrame() {
        assertThat(NftText.frame(new TreeSet<>(Set.of(64, 128, 48)), true)).isEqualTo(
                """
                        add table inet dualpost
                        add counter inet dualpost refused
                        add set inet dualpost ports { type inet_service; }
                        add chain inet dualpost input { type filter hook input priority 0; policy accept; }
                        add chain inet dualpost refuse
                        add set inet dualpost refused_48 { type ipv6_addr; flags timeout; timeout 1d; counter; }
                        add set inet dualpost refused_64 { type ipv6_addr; flags timeout; timeout 1d; counter; }
                        add set inet dualpost refused_128 { type ipv6_addr; flags timeout; timeout 1d; counter; }
                        flush chain inet dualpost refuse
                        add rule inet dualpost refuse ip6 saddr & ffff:ffff:ffff:: @refused_48 counter name refused reject with tcp reset
                        add rule inet dualpost refuse ip6 saddr & ffff:ffff:ffff:ffff:: @refused_64 counter name refused reject with tcp reset
                        add rule inet dualpost refuse ip6 saddr @refused_128 counter name refused reject with tcp reset
                        flush chain inet dualpost input
                        add rule inet dualpost input tcp dport @ports tcp flags & (fin|syn|rst|ack) == syn jump refuse
                        """);
        assertThat(NftText.frame(new TreeSet<>(Set.of(57)), false)).contains("flags timeout; timeout 1d; }\n")
                .contains("ip6 saddr & ffff:ffff:ffff:ff80:: @refused_57");
    }

    @Test
    void portsAndElements() {
        assertThat(NftText.ports(new TreeSet<>(Set.of(995, 110)))).isEqualTo("""
                flush set inet dualpost ports
                add element inet dualpost ports { 110, 995 }
                """);
        assertThat(NftText.ports(new TreeSet<>())).isEqualTo("flush set inet dualpost ports\n");
        assertThat(NftText.add(List.of(new RefusedPrefix(prefix("2001:db8:1::/64"), 60),
                new RefusedPrefix(prefix("2001:db8::/48"), 86_400),
                new RefusedPrefix(prefix("2001:db8:2::/64"), 1)))).isEqualTo("""
                        add element inet dualpost refused_48 { 2001:db8:: timeout 86400s }
                        add element inet dualpost refused_64 { 2001:db8:1:: timeout 60s, 2001:db8:2:: timeout 1s }
                        """);
        assertThat(NftText.remove(List.of(prefix("2001:db8:1::/64"), prefix("2001:db8::1/128")))).isEqualTo("""
                add element inet dualpost refused_64 { 2001:db8:1:: }
                add element inet dualpost refused_128 { 2001:db8::1 }
                delete element inet dualpost refused_64 { 2001:db8:1:: }
                delete element inet dualpost refused_128 { 2001:db8::1 }
                """);
        assertThat(NftText.add(List.of()) + NftText.remove(List.of())).isEmpty();
        assertThat(NftText.flush(new TreeSet<>(Set.of(64)))).isEqualTo("flush set inet dualpost refused_64\n");
    }
}
