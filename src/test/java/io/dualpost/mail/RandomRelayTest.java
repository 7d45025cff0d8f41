package io.dualpost.mail;

import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random clients and random backends around {@link SubmissionTransfer}: neither may ever lose step with the other. */
class RandomRelayTest {
    private static final int SESSIONS = 5_000;
    private static final int STEPS = 60;
    private static final List<String> COMMANDS = List.of("MAIL FROM:<#@a>", "RCPT TO:<#@b>", "RCPT TO:<#@c>", "DATA",
            "data #", "BDAT 5", "BDAT 0", "bdat 005  last", "BDAT 7 LAST", "BDAT", "BDAT x #", "RSET", "RSET", "NOOP #",
            "EHLO #", "HELO #", "VRFY #", "HELP #", "QUIT", "QUIT #", "XCLIENT ADDR=192.0.2.1", "xclient LOGIN=#",
            "XFORWARD NAME=#", "AUTH PLAIN AGFubgBzZWNyZXQ=", "auth login", "STARTTLS", "XYZZY #", "",
            " MAIL FROM:<#@a>",
            "\tAUTH PLAIN", "AUTH\tPLAIN", ".", "NOOP #" + "x".repeat(600), "MAIL FROM:<#@a> AUTH=" + "x".repeat(600));

    @Test
    void repliesComeInTheOrderOfTheCommandsAndTheBackendSeesOnlyWhatItMay() {
        for (long seed = 0; seed < SESSIONS; seed++) {
            Random random = new Random(seed);
            boolean chunking = random.nextBoolean();
            RelayModel model = new RelayModel(random, chunking);
            try {
                session(model, random);
            } catch (AssertionError | RuntimeException wrong) {
                fail("seed " + seed + ", CHUNKING " + chunking + "\n" + String.join("\n", model.log()), wrong);
            }
        }
    }

    private static void session(RelayModel model, Random random) {
        int talkative = 1 + random.nextInt(6);
        for (int i = 0; i < STEPS && !model.over(); i++) {
            if (random.nextInt(8) < talkative && model.clientMaySpeak()) {
                speak(model, random);
            } else if (random.nextInt(150) == 0) {
                model.drain();
            } else if (random.nextInt(150) == 0) {
                model.backendDies(random.nextBoolean());
            } else {
                model.advance();
            }
        }
        for (int i = 0; i < 1000 && model.advance(); i++) {
            // All that is under way arrives.
        }
        model.settled();
    }

    private static void speak(RelayModel model, Random random) {
        if (random.nextInt(40) == 0) {
            model.malformed(random.nextBoolean() ? Refusal.LINE_TOO_LONG : Refusal.BAD_OCTETS);
        } else {
            // Quitters are rare, or no session would become long.
            String command = COMMANDS.get(random.nextInt(COMMANDS.size()));
            model.say(command.regionMatches(true, 0, "QUIT", 0, 4) && random.nextInt(3) > 0 ? "NOOP #" : command);
        }
    }
}
