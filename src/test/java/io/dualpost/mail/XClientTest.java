package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Peer;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XClientTest {
    private static final List<String> ALL = List.of("ADDR", "PORT", "NAME", "PROTO", "HELO", "LOGIN", "DESTADDR",
            "DESTPORT");
    private static final String SIX = "2001:db8:0:0:0:0:0:1";

    @Test
    void smtpNamesTheAddressLastAndTagsIpv6() {
        assertThat(XClient.smtp(identity(SIX, "2001:DB8::10", "pc.example"), ALL)).containsExactly(
                "XCLIENT NAME=[UNAVAILABLE] PROTO=ESMTP HELO=pc.example PORT=40000 DESTADDR=IPV6:2001:db8::10 "
                        + "DESTPORT=465 ADDR=IPV6:2001:db8::1");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "::ffff:192.0.2.1, 192.0.2.1", "::ffff:c000:201, 192.0.2.1", "::1, IPV6:::1",
            "64:ff9b::192.0.2.1, IPV6:64:ff9b::c000:201", "fe80::1, IPV6:fe80::1"})
    void anAddressIsInItsCanonicalTextAndAMappedOneIsIpv4(String address, String text) {
        assertThat(XClient.smtp(identity(address, address, "pc"), List.of("ADDR", "DESTADDR")))
                .containsExactly("XCLIENT DESTADDR=" + text + " ADDR=" + text);
        assertThat(XClient.pop3(identity(address, address, "pc"))).isEqualTo("XCLIENT ADDR=" + text.replace("IPV6:", "")
                + " PORT=40000 DESTADDR=" + text.replace("IPV6:", "") + " DESTPORT=465 SESSION=s-1");
    }

    @Test
    void smtpSaysOnlyWhatTheServerLists() {
        assertThat(XClient.smtp(identity(SIX, SIX, "pc"), List.of("ADDR")))
                .containsExactly("XCLIENT ADDR=IPV6:2001:db8::1");
        assertThat(XClient.smtp(identity(SIX, SIX, "pc"), List.of("HELO", "ADDR", "FUTURE")))
                .containsExactly("XCLIENT HELO=pc ADDR=IPV6:2001:db8::1");
        assertThat(XClient.smtp(new Identity(peer(SIX, SIX), "s-1", HeloName.NONE), List.of("HELO", "ADDR")))
                .containsExactly("XCLIENT ADDR=IPV6:2001:db8::1");
    }

    // Nothing that a backend would believe of a login, before the backend itself has seen the password.
    @Test
    void smtpNeverVouchesForALogin() {
        assertThat(XClient.smtp(identity(SIX, SIX, "pc"), ALL)).noneMatch(command -> command.contains("LOGIN"));
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 330, 338, 339, 400, 480, 497})
    void aCommandHasAtMost512OctetsAndTheLastOneAloneHasTheAddress(int length) {
        // No fit name is longer than 255; the rule must not hang on that.
        Identity identity = new Identity(
                peer("2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:7777"), "s-1",
                new HeloName(Optional.of("x".repeat(length))));
        List<String> commands = XClient.smtp(identity, ALL);
        assertThat(commands).allSatisfy(command -> {
            assertThat(command).matches("XCLIENT( [A-Z]+=[!-~]+)+");
            assertThat(command.length() + 2).isLessThanOrEqualTo(512);
        });
        assertThat(commands.subList(0, commands.size() - 1)).noneMatch(command -> command.contains(" ADDR="));
        assertThat(commands.getLast()).endsWith(" ADDR=IPV6:2001:db8:1111:2222:3333:4444:5555:6666");
        assertThat(commands.stream().flatMap(command -> Arrays.stream(command.split(" ")).skip(1))
                .map(attribute -> attribute.substring(0, attribute.indexOf('=')))).containsExactly("NAME", "PROTO",
                        "HELO", "PORT", "DESTADDR", "DESTPORT", "ADDR");
    }

    @Test
    void theCommandsAreAsFewAsFit() {
        String whole = XClient.smtp(identity(SIX, SIX, "x"), ALL).getFirst();
        int room = 510 - whole.length() + 1;
        assertThat(XClient.smtp(new Identity(peer(SIX, SIX), "s-1", new HeloName(Optional.of("x".repeat(room)))), ALL))
                .singleElement().satisfies(command -> assertThat(command).hasSize(510));
        assertThat(
                XClient.smtp(new Identity(peer(SIX, SIX), "s-1", new HeloName(Optional.of("x".repeat(room + 1)))), ALL))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {"pc.example,pc.example", "a b,a+20b", "a+b,a+2Bb",
            "a=b,a+3Db", "[IPv6:::1],[IPv6:::1]", "'',''", "\u00e4\u00ff,+E4+FF", "~!,~!", "\u007f\t,+7F+09"})
    void xtextHasPrintableAsciiOnlyAndNoEqualsSign(String octets, String text) {
        assertThat(XClient.xtext(octets)).isEqualTo(text);
    }

    @Test
    void whatIsNoOctetOfALineIsWrittenInXtextToo() {
        assertThat(XClient.xtext("pc\r\nDATA\0")).isEqualTo("pc+0D+0ADATA+00");
    }

    private static Identity identity(String source, String destination, String helo) {
        return new Identity(peer(source, destination), "s-1", HeloName.of(helo));
    }

    private static Peer peer(String source, String destination) {
        return Peer.direct(new InetSocketAddress(source, 40000), new InetSocketAddress(destination, 465));
    }
}
