package io.dualpost.real;

import io.dualpost.address.Family;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a client goes: by this name, to this address alone. */
record Target(String host, InetAddress address, int port, TlsMode tls, Path authority) {
    /** Whether TLS begins at once. */
    boolean implicit() {
        return tls == TlsMode.IMPLICIT;
    }

    /** IPv4 or IPv6. */
    Family family() {
        return Family.of(address);
    }

    /** The address as URLs and {@code --resolve} want it. */
    String literal() {
        return family() == Family.IPV6 ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    /**
     * Lets a program that cannot be told an address resolve the name to it: in a mount namespace of its own, with a hosts
     * file of its own. The system's stays as it is.
     */
    List<String> resolving(Path scratch, List<String> words) throws IOException {
        Path hosts = Files.writeString(scratch.resolve("hosts"),
                address.getHostAddress() + " " + host + " " + InetAddress.getLocalHost().getHostName() + "\n");
        Path order = Files.writeString(scratch.resolve("nsswitch.conf"), "hosts: files\npasswd: files\ngroup: files\n");
        List<String> wrapped = new ArrayList<>(List.of("unshare", "-m", "sh", "-c",
                "mount --bind \"$1\" /etc/hosts && mount --bind \"$2\" /etc/nsswitch.conf && shift 2 && exec \"$@\"",
                "sh",
                hosts.toString(), order.toString()));
        wrapped.addAll(words);
        return wrapped;
    }

    @Override
    public String toString() {
        return family() + " " + host + " " + tls.label();
    }
}
