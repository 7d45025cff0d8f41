package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Answers as a Linux 6.18 on x86-64 gave them. */
class SockDiagTest {
    private static final String NO_MORE_EXTENSIONS = "08000f0000000000";
    private static final String IPV4_TWICE = "600000001200020000000000a469000002030102" + "03e39c43"
            + "7f000001000000000000000000000000" + "7f000001000000000000000000000000"
            + "0000000067000000000000005c050000000000000000000000000000" + "00000000" + NO_MORE_EXTENSIONS;
    private static final String MAPPED_TWICE = "600000001200020000000000a46900000a030102" + "024b9c42"
            + "00000000000000000000ffff7f000001" + "00000000000000000000ffff7f000001"
            + "00000000680000000000000034050000000000000000000000000000" + "00000000" + NO_MORE_EXTENSIONS;
    private static final String IPV6_THRICE = "600000001200020000000000a46900000a030103" + "03e39c41"
            + "20010db800ff00000000000000000001" + "20010db8000100000000000000000001"
            + "0000000069000000000000002c050000000000000000000000000000" + "00000000" + NO_MORE_EXTENSIONS;
    private static final String IPV6_NEW = "600000001200020000000000a46900000a030100" + "03e39c44"
            + "20010db800ff00000000000000000001" + "20010db8000100000000000000000001"
            + "000000006a00000000000000a0030000000000000000000000000000" + "00000000" + NO_MORE_EXTENSIONS;
    private static final String DONE = "140000000300020000000000a469000000000000";
    /** EINVAL, with what was asked. */
    private static final String ERROR = "6000000002000000" + "00000000" + "a4690000" + "eaffffff"
            + "4c000000120001030000000000000000"
            + "00".repeat(52) + "0800000000000000";
    private static final Set<Integer> PORTS = Set.of(995, 587);

    private final HalfOpen.Tally tally = new HalfOpen.Tally();

    private boolean take(String hex) throws IOException {
        return SockDiag.take(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), PORTS, tally);
    }

    @Test
    void bothFamiliesAreAskedAtOnceForTheirHalfOpenConnections() {
        assertThat(HexFormat.of().formatHex(SockDiag.request()))
                .isEqualTo("4c000000120001030000000000000000" + "00".repeat(52) + "0800000000000000");
    }

    @Test
    void anAnswerIsCountedByThePeersFamily() throws IOException {
        assertThat(take(IPV4_TWICE)).isFalse();
        assertThat(take(MAPPED_TWICE + IPV6_THRICE + IPV6_NEW + DONE)).isTrue();
        assertThat(tally.counts()).isEqualTo(new HalfOpen.Counts(new HalfOpen.Count(2, 2), new HalfOpen.Count(2, 1)));
    }

    @Test
    void otherPortsAndStatesAreNotCounted() throws IOException {
        take(IPV6_NEW.replace("03e39c44", "01bb9c44"));
        take(IPV6_NEW.replace("0a030100", "0a010100"));
        assertThat(tally.counts()).isEqualTo(new HalfOpen.Counts(new HalfOpen.Count(0, 0), new HalfOpen.Count(0, 0)));
    }

    @Test
    void anErrorIsToldByItsNumber() {
        assertThatThrownBy(() -> take(ERROR)).isInstanceOf(IOException.class)
                .hasMessage("errno 22");
    }

    @Test
    void whatIsNoMessageIsAnError() {
        for (String hex : List.of("ff000000" + IPV6_NEW.substring(8), "0f000000" + IPV6_NEW.substring(8),
                "ffffffff" + IPV6_NEW.substring(8), "ffffff7f" + IPV6_NEW.substring(8), IPV6_NEW + "00000000",
                "100000001200020000000000a4690000", "100000000200000000000000a4690000",
                IPV6_NEW.replaceFirst("1200", "1500"))) {
            assertThatThrownBy(() -> take(hex)).as(hex).isInstanceOf(IOException.class)
                    .hasMessageStartingWith("answer: ");
        }
    }

    @Test
    void noiseEndsInACountOrAnError() {
        Random random = new Random(20_261_125);
        byte[] answer = HexFormat.of().parseHex(MAPPED_TWICE + IPV6_THRICE + IPV6_NEW + DONE);
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = Arrays.copyOf(answer, random.nextInt(answer.length + 1));
            for (int j = random.nextInt(4); j > 0 && noise.length > 0; j--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            try {
                SockDiag.take(ByteBuffer.wrap(noise), PORTS, tally);
            } catch (IOException e) {
                assertThat(e.getMessage()).matches("answer: .*|errno -?[0-9]+");
            }
        }
    }
}
