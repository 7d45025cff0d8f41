package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers as a Linux 6.18 on x86-64 gave them. */
class NftCounterTest {
    private static final String NAMES = "0d0001006475616c706f7374000000000c000200726566757365640008000300" + "00000001";
    private static final String THREE = "68000000120a000007000000bc19000001000003" + NAMES
            + "0c000600000000000000000108000500000000021c000400" + "0c00010000000000000000f0"
            + "0c0002000000000000000003";
    private static final String ABSENT = "4c0000000200000007000000bc190000feffffff"
            + "38000000130a0100070000000000000001000000" + NAMES;

    private static OptionalLong packets(String hex) throws IOException {
        return NftCounter.packets(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void theCounterIsAskedFor() {
        assertThat(HexFormat.of().formatHex(NftCounter.request()))
                .isEqualTo("38000000130a0100000000000000000001000000" + NAMES);
    }

    @Test
    void itsPacketsAreRead() throws IOException {
        assertThat(packets(THREE)).hasValue(3);
        // The kernel may say that an attribute holds others.
        assertThat(packets(THREE.replace("1c000400", "1c000480"))).hasValue(3);
        assertThat(packets(ABSENT)).isEmpty();
        assertThatThrownBy(() -> packets(ABSENT.replace("feffffff", "ffffffff"))).hasMessage("counter: errno 1");
    }

    @Test
    void whatIsNoAnswerIsAnError() {
        for (String hex : List.of("", "68000000", "ff" + THREE.substring(2), THREE.replace("120a", "130a"),
                THREE.replace("1c000400", "ff000400"), THREE.replace("1c000400", "03000400"),
                THREE.replace("0c000200" + "0000000000000003", "0c000300" + "0000000000000003"),
                THREE.replace("1c000400", "1c000700"))) {
            assertThatThrownBy(() -> packets(hex)).as(hex).isInstanceOf(IOException.class)
                    .hasMessageStartingWith("counter: ");
        }
    }

    @Test
    void noiseEndsInACountOrAnError() {
        Random random = new Random(20_261_125);
        byte[] answer = HexFormat.of().parseHex(THREE);
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = Arrays.copyOf(answer, random.nextInt(answer.length + 1));
            for (int j = random.nextInt(4); j > 0 && noise.length > 0; j--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            try {
                NftCounter.packets(ByteBuffer.wrap(noise));
            } catch (IOException e) {
                assertThat(e.getMessage()).startsWith("counter: ");
            }
        }
    }
}
