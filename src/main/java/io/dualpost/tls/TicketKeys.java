package io.dualpost.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The keys of one service's session tickets (RFC 5077, RFC 8446 section 4.6.1): the current one, which makes new tickets,
 * and two previous ones, which still open old ones. The owner keeps one object per service, hands it to each
 * {@link ServerTls} of that service, also after a reload, and calls {@link #rotate()} once an hour: a ticket then lives at
 * least as long as its two hours, and a key that is stolen opens no session older than three.
 *
 * <p>Keys are never shared between services: a ticket of one service must not open a session at another (CVE-2025-23419).
 * The JDK's engine keeps tickets to itself, with keys of its own for each context; there {@link #rotate()} does nothing.
 */
public final class TicketKeys {
    /** How long a ticket is good for. */
    static final int LIFETIME_SECONDS = 2 * 3600;
    private static final int KEPT = 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] service = random(32);
    private final List<OpenSslSessionTicketKey> keys = new ArrayList<>(List.of(newKey()));
    private final Set<ServerTls> users = Collections.newSetFromMap(new WeakHashMap<>());

    /** Makes a first key. */
    public TicketKeys() {}

    /** Makes a new key current, for every {@link ServerTls} in use, and forgets the fourth. Any thread may call it. */
    public synchronized void rotate() {
        keys.addFirst(newKey());
        if (keys.size() > KEPT) {
            keys.removeLast();
        }
        for (ServerTls user : users) {
            user.apply(current());
        }
    }

    /** From now on, and at once, the contexts have these keys. */
    synchronized void join(ServerTls user) {
        users.add(user);
        user.apply(current());
    }

    /** The session id context: 32 random octets that stand for the service. */
    byte[] service() {
        return service.clone();
    }

    private OpenSslSessionTicketKey[] current() {
        return keys.toArray(OpenSslSessionTicketKey[]::new);
    }

    private static OpenSslSessionTicketKey newKey() {
        return new OpenSslSessionTicketKey(random(OpenSslSessionTicketKey.NAME_SIZE),
                random(OpenSslSessionTicketKey.HMAC_KEY_SIZE), random(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private static byte[] random(int octets) {
        byte[] bytes = new byte[octets];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
