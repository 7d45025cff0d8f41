package io.dualpost;

import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.probe.Probe;
import io.dualpost.probe.Report;
import io.dualpost.probe.Target;
import io.dualpost.probe.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks any server what clients would meet there. Its exit codes are those of {@link Report}, and 2 for wrong usage. */
@Command(name = "probe", description = "Play a mail client at every address of a server, over IPv4 and IPv6; needs no configuration and sends no credentials.", exitCodeListHeading = "Exit codes:%n", exitCodeList = {
        "0:every address serves", "1:some do not, or a certificate is wrong", "2:wrong usage",
        "3:none serves"}, mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Parameters(paramLabel = "HOST[:PORT]", description = "A name or an address. Ports 995, 110, 465 and 587 say protocol and TLS; without a port it is POP3 at 995.")
    private String host = "";

    @Option(names = "--protocol", paramLabel = "PROTOCOL", description = "pop3 or submission.", converter = Protocols.class)
    private Optional<Protocol> protocol = Optional.empty();

    @Option(names = "--tls", paramLabel = "MODE", description = "implicit, starttls or none.", converter = TlsModes.class)
    private Optional<TlsMode> tls = Optional.empty();

    @Option(names = "--rescue", description = "The host is for clients that IPv6 fails, and must have no IPv6 address; assumed of a name that begins like pop-v4.")
    private boolean rescue;

    @Option(names = "--ca", paramLabel = "FILE", description = "Trust these authorities (PEM) instead of the platform's.")
    private Optional<Path> authorities = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", converter = Lengths.class, description = "Patience with DNS, and again with the addresses, 100ms to 5m (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Target target = target();
        Report report = new Probe(target, rescue || target.saysIpv4(), trust(), timeout).run();
        if (json) {
            System.out.println(report.json());
        } else {
            System.out.print(report.text());
        }
        return report.exitCode();
    }

    private Target target() {
        try {
            return Target.of(host, protocol, tls);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Trust trust() {
        try {
            return authorities.isPresent() ? Trust.of(authorities.get()) : Trust.platform();
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--ca: " + e.getMessage(), e);
        }
    }

    /** As the configuration spells them. */
    static final class Protocols implements CommandLine.ITypeConverter<Protocol> {
        @Override
        public Protocol convert(String text) {
            return labelled(Protocol.values(), Protocol::label, text);
        }
    }

    /** As the configuration spells them. */
    static final class TlsModes implements CommandLine.ITypeConverter<TlsMode> {
        @Override
        public TlsMode convert(String text) {
            return labelled(TlsMode.values(), TlsMode::label, text);
        }
    }

    /** A number with its unit. */
    static final class Lengths implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher parts = LENGTH.matcher(text);
            if (parts.matches()) {
                long number = Long.parseLong(parts.group(1));
                Duration length = switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    default -> Duration.ofMinutes(number);
                };
                if (length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0) {
                    return length;
                }
            }
            throw new CommandLine.TypeConversionException("found " + text + " (expected: 100ms to 5m, such as 10s)");
        }
    }

    private static <T> T labelled(T[] values, Function<T, String> label, String text) {
        return Arrays.stream(values).filter(value -> label.apply(value).equals(text)).findFirst()
                .orElseThrow(() -> new CommandLine.TypeConversionException("found " + text + " (expected: "
                        + Arrays.stream(values).map(label).collect(Collectors.joining(", ")) + ")"));
    }
}
