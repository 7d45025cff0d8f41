package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    // Of RFC 5321 section 4.2.3 and RFC 4954 section 6.
    private static final Set<String> REPLY_CODES = Set.of("421", "454", "500", "501", "502", "503", "504", "530", "535",
            "538", "550");
    // RFC 3463 section 2, in lines as RFC 2034 section 4 wants them.
    private static final Pattern REPLY = Pattern.compile("([0-9]{3}) ([245])\\.([0-9]{1,3})\\.([0-9]{1,3}) [!-~].*");
    private static final Set<String> RESPONSE_CODES = Set.of("AUTH", "SYS/TEMP", "SYS/PERM", "IN-USE", "LOGIN-DELAY");

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void smtpWordsHaveAReplyCodeAndAnEnhancedCodeOfTheSameClass(Refusal refusal) {
        String words = refusal.words(Protocol.SUBMISSION).octets();
        Matcher reply = REPLY.matcher(words);
        assertThat(words).matches(REPLY);
        assertThat(reply.matches()).isTrue();
        assertThat(reply.group(1)).isIn(REPLY_CODES).startsWith(reply.group(2));
        assertThat(ReplyLine.of(Line.of(words)).map(ReplyLine::code)).hasValue(Integer.parseInt(reply.group(1)));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void pop3WordsAreNegativeAndABracketBeginsAResponseCode(Refusal refusal) {
        String words = refusal.words(Protocol.POP3).octets();
        assertThat(words).matches("-ERR (\\[[A-Z/-]+] )?[A-Z][ -Z\\\\^-~]*\\.");
        Optional<String> code = Pop3Front.responseCode(words);
        assertThat(code.isPresent()).isEqualTo(words.contains("["));
        code.ifPresent(known -> assertThat(known).isIn(RESPONSE_CODES));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void wordsAreShortAsciiLinesWithoutWhatOnlyTheOperatorMayKnow(Refusal refusal) {
        for (Protocol protocol : Protocol.values()) {
            // RFC 1939 section 3 and RFC 5321 section 4.5.3.1.5: 512 octets with CRLF.
            assertThat(refusal.words(protocol).bytes()).hasSizeLessThanOrEqualTo(510);
            assertThat(refusal.words(protocol).octets()).isPrintable().matches("[ -~]+").doesNotContainIgnoringCase(
                    "dovecot",
                    "postfix", "dualpost", "backend");
        }
        assertThat(refusal.label()).matches("[a-z0-9_]+");
    }

    // With AUTH-RESP-CODE, [AUTH] sends a client to its user for another password (RFC 3206 section 4); so does 535.
    @Test
    void onlyAWrongPasswordIsBlamedOnThePassword() {
        assertThat(Arrays.stream(Refusal.values())
                .filter(refusal -> refusal.words(Protocol.POP3).octets().startsWith("-ERR [AUTH]")))
                .containsExactlyInAnyOrder(Refusal.BAD_CREDENTIALS, Refusal.TOO_MANY_FAILURES);
        assertThat(Arrays.stream(Refusal.values())
                .filter(refusal -> refusal.words(Protocol.SUBMISSION).octets().startsWith("535 5.7.8")))
                .containsExactly(Refusal.BAD_CREDENTIALS);
    }

    @ParameterizedTest
    @EnumSource(value = Refusal.class, names = {"BACKEND_UNAVAILABLE", "BACKEND_FAULT", "IN_USE", "LOGIN_DELAY",
            "TIMED_OUT",
            "BACKEND_LOST", "SESSION_LIMIT", "PREFIX_LIMIT", "DRAINING", "INTERNAL", "TOO_MANY_ERRORS"})
    void whatPassesByItselfIsSaidToBeTemporary(Refusal refusal) {
        assertThat(refusal.words(Protocol.SUBMISSION).octets()).startsWith("4");
    }
}
