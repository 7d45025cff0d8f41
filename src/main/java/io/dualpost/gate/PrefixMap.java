package io.dualpost.gate;

import io.dualpost.address.Family;
import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Networks, found by an address with one look for each length that occurs, however many they are. Not for two threads. */
final class PrefixMap<V> {
    private final Map<Prefix, V> networks = new LinkedHashMap<>();
    private final int[] lengths = new int[129];

    /** All of them, in the order of their coming. */
    Map<Prefix, V> all() {
        return Collections.unmodifiableMap(networks);
    }

    /** Adds or replaces one. */
    void put(Prefix network, V value) {
        if (networks.put(network, value) == null) {
            lengths[network.length()]++;
        }
    }

    /** Whether it was there. */
    boolean remove(Prefix network) {
        boolean was = networks.remove(network) != null;
        if (was) {
            lengths[network.length()]--;
        }
        return was;
    }

    /** Removes those with such a value. */
    void removeIf(Predicate<V> which) {
        networks.entrySet().removeIf(one -> {
            boolean goes = which.test(one.getValue());
            if (goes) {
                lengths[one.getKey().length()]--;
            }
            return goes;
        });
    }

    /** The narrowest network with this address and a value that will do. */
    Optional<Prefix> containing(InetAddress address, Predicate<V> which) {
        for (int length = Family.of(address) == Family.IPV6 ? 128 : 32; length >= 0; length--) {
            if (lengths[length] > 0) {
                Prefix network = new Prefix(address, length);
                V value = networks.get(network);
                if (value != null && which.test(value)) {
                    return Optional.of(network);
                }
            }
        }
        return Optional.empty();
    }
}
