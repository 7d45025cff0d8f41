package io.dualpost.address;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses of one family, with the bits behind the prefix cleared.
 *
 * @param network the first address of the block
 * @param length  bits that count: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Prefix(InetAddress network, int length) {
    /** Clears the bits behind the prefix and folds IPv4-mapped addresses. */
    public Prefix {
        byte[] bytes = Addresses.octets(network);
        if (length < 0 || length > bytes.length * 8) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " (expected: 0 to " + bytes.length * 8 + ")");
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (bytes[i] & mask(length - i * 8));
        }
        network = Addresses.fromBytes(bytes);
    }

    /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a lone address as the block that holds only it. */
    public static Optional<Prefix> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().getAddress().length * 8;
        if (slash < 0) {
            return Optional.of(new Prefix(address.get(), bits));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > bits) {
            return Optional.empty();
        }
        return Optional.of(new Prefix(address.get(), Integer.parseInt(length)));
    }

    /** The family of the block. */
    public Family family() {
        return Family.of(network);
    }

    /** Whether the address, folded, lies in the block. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = Addresses.octets(address);
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i * 8 < length; i++) {
            if (((mine[i] ^ other[i]) & mask(length - i * 8)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Canonical text, {@code 2001:db8::/32}. */
    @Override
    public String toString() {
        return Addresses.text(network) + "/" + length;
    }

    private static int mask(int bits) {
        return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
    }
}
