package io.dualpost.probe;

import io.dualpost.address.Family;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a client saw at one address.
 *
 * @param address      where
 * @param steps        what came, in the order in which it came
 * @param fault        what ended it before its time
 * @param tls          what the handshake agreed on
 * @param greeting     the first line, harmless
 * @param capabilities the last announcement, harmless
 */
public record Timeline(InetAddress address, List<Step> steps, Optional<Fault> fault, Optional<TlsFacts> tls,
        Optional<String> greeting, List<String> capabilities) {
    /** Something that came, and when, since the attempt began. */
    public record Step(Stage stage, Duration at) {}

    /** Copies the lists. */
    public Timeline {
        steps = List.copyOf(steps);
        capabilities = List.copyOf(capabilities);
    }

    /** The family of the address. */
    public Family family() {
        return Family.of(address);
    }

    /** Whether the server did all that was asked. */
    public boolean serves() {
        return fault.isEmpty();
    }

    /** When a stage was first passed. */
    public Optional<Duration> at(Stage stage) {
        return steps.stream().filter(step -> step.stage() == stage).map(Step::at).findFirst();
    }

    /** The same, as far as waiting goes. */
    public Outcome outcome() {
        Duration connected = at(Stage.CONNECT).orElse(Duration.ZERO);
        if (fault.isEmpty()) {
            return new Outcome.Serves(connected, at(Stage.GREETING).orElse(connected));
        }
        Duration ended = fault.get().at();
        return switch (fault.get().kind()) {
            case REFUSED -> new Outcome.Refused(ended);
            case UNREACHABLE, NO_ROUTE -> new Outcome.Unreachable(ended);
            case UNANSWERED -> new Outcome.Dropped();
            case SILENT -> new Outcome.Hangs(connected);
            case RESET, CLOSED, TLS, PROTOCOL, SAID_NO, NO_STARTTLS -> new Outcome.Breaks(connected, ended);
        };
    }
}
