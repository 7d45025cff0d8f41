package io.dualpost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For which services the operator has withdrawn IPv6, and until when. What is to outlive the process is in a file, one line
 * each: the service, and when it ends ({@code -}: never). Any thread may ask; one gives orders at a time.
 */
final class FamilyOrders {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyOrders.class);

    /**
     * IPv6 of a service is withdrawn by order.
     *
     * @param until when it comes back by itself
     * @param kept  whether that outlives the process
     */
    record Order(Optional<Instant> until, boolean kept) {
        boolean isOver(Instant now) {
            return until.filter(end -> !end.isAfter(now)).isPresent();
        }
    }

    private final Optional<Path> file;
    private volatile Map<String, Order> orders;

    private FamilyOrders(Optional<Path> file, Map<String, Order> orders) {
        this.file = file;
        this.orders = orders;
    }

    /**
     * Those of the file, if there is one.
     *
     * @throws IOException if it cannot be read or has a line that cannot be understood; the message says where
     */
    static FamilyOrders read(Optional<Path> file) throws IOException {
        Map<String, Order> orders = new TreeMap<>();
        if (file.isPresent()) {
            int number = 0;
            for (String line : lines(file.get())) {
                number++;
                String[] words = line.split(" ", -1);
                try {
                    orders.put(words[0], new Order(words[1].equals("-")
                            ? Optional.empty()
                            : Optional.of(Instant.parse(words[1])), true));
                } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException(file.get() + ":" + number + ": " + line
                            + " (expected: a service, a space, and a time such as 2026-11-25T12:00:00Z or -)", e);
                }
            }
        }
        return new FamilyOrders(file, Map.copyOf(orders));
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /** The order for a service, if one is in force. */
    Optional<Order> of(String service) {
        return Optional.ofNullable(orders.get(service)).filter(order -> !order.isOver(Instant.now()));
    }

    /**
     * Withdraws IPv6.
     *
     * @throws IOException if it is to be kept and cannot be; then nothing has changed
     */
    void disable(List<String> services, Optional<Instant> until, boolean keep) throws IOException {
        if (keep && file.isEmpty()) {
            throw new IOException("no file to keep orders in (expected: gate.ipv6.state in the configuration)");
        }
        Map<String, Order> next = new TreeMap<>(orders);
        services.forEach(service -> next.put(service, new Order(until, keep)));
        change(next);
        LOG.info("IPv6 of {} is disabled by order{}{}", services, until.map(end -> " until " + end).orElse(""),
                keep ? ", also after a restart" : "");
    }

    /** Lets IPv6 come back. */
    void enable(List<String> services) throws IOException {
        Map<String, Order> next = new TreeMap<>(orders);
        services.forEach(next::remove);
        change(next);
        LOG.info("IPv6 of {} is enabled by order", services);
    }

    private void change(Map<String, Order> next) throws IOException {
        if (file.isPresent() && !kept(next).equals(kept(orders))) {
            Path target = file.get();
            Path whole = target.resolveSibling(target.getFileName() + ".new");
            Files.writeString(whole, kept(next));
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        orders = Map.copyOf(next);
    }

    private static String kept(Map<String, Order> orders) {
        return new TreeMap<>(orders).entrySet().stream().filter(order -> order.getValue().kept())
                .map(order -> order.getKey() + " " + order.getValue().until().map(Instant::toString).orElse("-") + "\n")
                .collect(Collectors.joining());
    }
}
