package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Content;
import io.dualpost.mail.LineEndings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentStreamTest {
    private static final String LONG = "a line of a message\r\n".repeat(100);

    /** What is written for one read, and as how many pieces. */
    private static List<String> written(String text) {
        EmbeddedChannel backend = new EmbeddedChannel();
        ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer();
        in.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        new ContentStream(new Content.Dotted(LineEndings.NORMALIZE)).move(in, backend);
        backend.flush();
        List<String> pieces = backend.outboundMessages().stream()
                .map(piece -> ((ByteBuf) piece).toString(StandardCharsets.ISO_8859_1)).toList();
        assertThat(in.isReadable()).isFalse();
        in.release();
        backend.finishAndReleaseAll();
        assertThat(in.refCnt()).isZero();
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", ".\n", "ab\n", "\r\n.\r"})
    void whateverIsReplacedTheWritesStayFew(String line) {
        String text = line.repeat(20_000);

        assertThat(written(text + "\r\n.\r\n")).hasSize(1);
    }

    @Test
    void shortPiecesAreCopiedInTheirOrder() {
        assertThat(written("a\nb\rc\r\n.\r\n")).containsExactly("a\r\nb c\r\n.\r\n");
        assertThat(written("a\n" + LONG + "b\nc\r\n.\r\n"))
                .containsExactly("a\r\n", LONG + "b", "\r\nc\r\n.\r\n");
    }

    @Test
    void aLongStretchIsWrittenAsItWasRead() {
        assertThat(written(LONG + ".\r\n")).containsExactly(LONG + ".\r\n");
    }
}
