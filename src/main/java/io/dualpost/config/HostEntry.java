package io.dualpost.config;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A host as it is written under a service.
 *
 * @param service the service it belongs to
 * @param role    dual or rescue
 * @param section its keys
 */
record HostEntry(Named<Section> service, HostRole role, Section section) {
    /** The hosts of a service, as far as written. */
    static List<HostEntry> of(Named<Section> service) {
        Stream<HostEntry> dual = service.value().at(Keys.DUAL).stream()
                .map(section -> new HostEntry(service, HostRole.DUAL, section.value()));
        Stream<HostEntry> rescue = service.value().at(Keys.RESCUE).stream()
                .map(section -> new HostEntry(service, HostRole.RESCUE, section.value()));
        return Stream.concat(dual, rescue).toList();
    }

    Optional<Located<String>> name() {
        return section.at(Keys.NAME);
    }

    List<Located<InetAddress>> addresses() {
        return section.list(Keys.ADDRESSES);
    }

    /** The addresses, whatever their order. */
    Set<InetAddress> addressSet() {
        return addresses().stream().map(Located::value).collect(Collectors.toSet());
    }

    boolean has(Family family) {
        return addresses().stream().anyMatch(address -> Family.of(address.value()) == family);
    }
}
