package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
    private static final int GREASE = 0x8A8A;

    @Test
    void everythingAModernClientSaysIsRead() throws MalformedHello {
        ClientHello hello = parse(modern());

        assertThat(hello.serverName()).contains("pop.example.jp");
        assertThat(hello.alpn()).containsExactly("pop3", "imap");
        assertThat(hello.offersTls13()).isTrue();
        assertThat(hello.ecdsa()).containsExactlyInAnyOrder(Curve.P256, Curve.P521);
        assertThat(hello.acceptsEcdsa(Curve.P256)).isTrue();
        assertThat(hello.acceptsEcdsa(Curve.P384)).isFalse();
    }

    @Test
    void aHelloWithoutExtensionsNamesNothing() throws MalformedHello {
        assertThat(parse(new HelloBytes().body()))
                .isEqualTo(new ClientHello(Optional.empty(), List.of(), false, Set.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POP.Example.jp", "pop.example.jp.", "pop.example.jp"})
    void theServerNameIsInLowerCaseWithoutFinalDot(String name) throws MalformedHello {
        assertThat(parse(new HelloBytes().serverName(name).body()).serverName()).contains("pop.example.jp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "192.0.2.1", "2001:db8::1", "a b", "pop.example.jp\u0000.evil", "-x.jp", "a..b",
            "pop\r\n.jp", "\u00e9.jp", "*.example.jp"})
    void whatIsNoHostNameIsNoServerName(String name) throws MalformedHello {
        assertThat(parse(new HelloBytes().serverName(name).body()).serverName()).isEmpty();
    }

    @Test
    void inTls12EcdsaNeedsACipherSuite() throws MalformedHello {
        HelloBytes without = new HelloBytes().suites(GREASE, 0xC02F, 0xC030).signatures(0x0403).groups(23);
        HelloBytes with = new HelloBytes().suites(0xC02F, 0xCCA9).signatures(0x0403).groups(23);

        assertThat(parse(without.body()).ecdsa()).isEmpty();
        assertThat(parse(with.body()).ecdsa()).containsExactly(Curve.P256);
    }

    @Test
    void inTls12TheCurveMustBeAmongTheGroups() throws MalformedHello {
        HelloBytes hello = new HelloBytes().suites(0xC02B).signatures(0x0403, 0x0503).groups(29, 24);

        assertThat(parse(hello.body()).ecdsa()).containsExactly(Curve.P384);
    }

    @Test
    void inTls13NeitherSuiteNorGroupMatters() throws MalformedHello {
        HelloBytes hello = new HelloBytes().suites(0x1301).signatures(0x0403).groups(29).versions(0x0304);

        assertThat(parse(hello.body()).ecdsa()).containsExactly(Curve.P256);
    }

    @Test
    void aClientOfRsaSignaturesOnlyTakesNoEcdsa() throws MalformedHello {
        HelloBytes hello = new HelloBytes().signatures(0x0804, 0x0401).versions(0x0304, 0x0303);

        assertThat(parse(hello.body()).ecdsa()).isEmpty();
    }

    @Test
    void anExtensionThatComesTwiceIsRefused() {
        assertThatThrownBy(() -> parse(new HelloBytes().alpn("pop3").alpn("h2").body()))
                .isInstanceOf(MalformedHello.class)
                .hasMessage("ClientHello: extension 16 twice (expected: once)");
    }

    @Test
    void listsThatMayNotBeEmptyAreRefusedWhenTheyAre() {
        for (HelloBytes hello : List.of(new HelloBytes().alpn(), new HelloBytes().alpn(""),
                new HelloBytes().suites(), new HelloBytes().signatures().versions(0x0304),
                new HelloBytes().versions())) {
            assertThatThrownBy(() -> parse(hello.body())).isInstanceOf(MalformedHello.class)
                    .hasMessageContaining("expected: at least");
        }
    }

    @Test
    void octetsAfterTheEndAreRefused() {
        assertThatThrownBy(() -> parse(HelloBytes.join(modern(), new byte[1]))).isInstanceOf(MalformedHello.class)
                .hasMessage("ClientHello: 1 octets after extensions (expected: none)");
    }

    @Test
    void aHelloCutAnywhereIsRefusedExceptWhereExtensionsWouldBegin() {
        byte[] whole = modern();
        int withoutExtensions = new HelloBytes().suites(GREASE, 0x1301, 0xC02B).body().length;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length != withoutExtensions) {
                assertThatThrownBy(() -> parse(cut)).as("%d octets", length).isInstanceOf(MalformedHello.class);
            }
        }
    }

    @Test
    void randomOctetsAreReadOrRefusedAndNothingElse() {
        Random random = new Random(7301);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = modern();
            int changes = 1 + random.nextInt(8);
            for (int i = 0; i < changes; i++) {
                octets[34 + random.nextInt(octets.length - 34)] = (byte) random.nextInt(256);
            }
            refused += refuses(round % 4 == 0 ? Arrays.copyOf(octets, random.nextInt(octets.length)) : octets);
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            refused += refuses(noise);
        }
        assertThat(refused).isBetween(20_000, 39_999);
    }

    @Test
    void theBufferIsLeftAsItWas() throws MalformedHello {
        ByteBuf buffer = Unpooled.wrappedBuffer(HelloBytes.join(new byte[3], modern()));
        buffer.skipBytes(3);

        ClientHello.parse(buffer);

        assertThat(buffer.readerIndex()).isEqualTo(3);
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.release();
    }

    private static int refuses(byte[] octets) {
        try {
            parse(octets);
            return 0;
        } catch (MalformedHello e) {
            assertThat(e).hasMessageStartingWith("ClientHello: ");
            return 1;
        }
    }

    private static byte[] modern() {
        return new HelloBytes().suites(GREASE, 0x1301, 0xC02B).extension(GREASE, new byte[0])
                .serverName("pop.example.jp").groups(GREASE, 4588, 29, 23).alpn("pop3", "imap")
                .signatures(GREASE, 0x0403, 0x0804, 0x0401, 0x0603).versions(GREASE, 0x0304, 0x0303)
                .extension(51, new byte[40]).body();
    }

    private static ClientHello parse(byte[] body) throws MalformedHello {
        ByteBuf buffer = Unpooled.wrappedBuffer(body);
        try {
            return ClientHello.parse(buffer);
        } finally {
            buffer.release();
        }
    }
}
