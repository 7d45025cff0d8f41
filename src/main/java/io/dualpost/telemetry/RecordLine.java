package io.dualpost.telemetry;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.Prefix;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Refusal;
import java.net.InetSocketAddress;

/** The record of a finished session as one line; text that is empty is left out. */
record RecordLine(Fields fields) {
    /** The phase that it names is the last one before the end. */
    static String of(SessionRecord session, LogFormat format, Cause cause, long now) {
        RecordLine line = new RecordLine(format.line());
        line.client(session);
        line.tls(session);
        line.login(session);
        line.end(session, cause, now);
        return line.fields.toString();
    }

    private void client(SessionRecord session) {
        String client = Addresses.text(session.peer.address());
        put(RecordField.TIME, session.started.toString()).put(RecordField.EVENT, "session")
                .put(RecordField.SESSION, session.id).put(RecordField.SERVICE, session.listener.service())
                .put(RecordField.LISTENER, session.listener.name())
                .put(RecordField.PROTOCOL, session.listener.protocol().label())
                .put(RecordField.FAMILY, session.peer.family().label()).put(RecordField.CLIENT, client)
                .put(RecordField.CLIENT_RECEIVED,
                        session.peer.received().equals(client) ? "" : session.peer.received())
                .put(RecordField.CLIENT_PORT, session.peer.source().getPort())
                .put(RecordField.CLIENT_NET,
                        new Prefix(session.peer.address(), session.peer.family() == Family.IPV4 ? 24 : 64).toString())
                .put(RecordField.LOCAL, text(session.peer.destination()))
                .put(RecordField.VIA,
                        session.peer.isDirect() ? "" : text(session.peer.socket()));
    }

    private void tls(SessionRecord session) {
        put(RecordField.HOST_ROLE, session.role.label()).put(RecordField.HOST, session.serverName.orElse(""));
        session.tls.ifPresent(on -> put(RecordField.TLS_VERSION, on.version()).put(RecordField.TLS_CIPHER, on.cipher())
                .put(RecordField.TLS_RESUMED, on.resumed()));
    }

    private void login(SessionRecord session) {
        put(RecordField.USER, session.user).put(RecordField.MECHANISM, session.mechanism)
                .put(RecordField.BACKEND, session.backend).put(RecordField.BACKEND_ADDRESS, session.backendAddress)
                .put(RecordField.BACKEND_FAMILY, session.backendFamily);
    }

    private void end(SessionRecord session, Cause cause, long now) {
        put(RecordField.PHASE, session.phase.label()).put(RecordField.CAUSE, cause.label())
                .put(RecordField.ENDED_BY, (session.byClient ? Cause.Party.CLIENT : cause.by()).label())
                .put(RecordField.REFUSAL, session.refusal.map(Refusal::label).orElse(""))
                .put(RecordField.DETAIL, session.detail);
        session.path.ifPresent(verdict -> put(RecordField.PATH, verdict.label()));
        fields.put(RecordField.REACHED.text(), session.reached);
        put(RecordField.DURATION, (now - session.startNanos) / 1_000_000)
                .put(RecordField.BYTES_RECEIVED, session.received).put(RecordField.BYTES_SENT, session.sent)
                .put(RecordField.MESSAGES_ACCEPTED, session.accepted)
                .put(RecordField.MESSAGES_DEFERRED, session.deferred)
                .put(RecordField.MESSAGES_REJECTED, session.rejected)
                .put(RecordField.MESSAGES_ABORTED, session.aborted);
    }

    private RecordLine put(RecordField field, String value) {
        if (!value.isEmpty()) {
            fields.put(field.text(), value);
        }
        return this;
    }

    private RecordLine put(RecordField field, long value) {
        fields.put(field.text(), value);
        return this;
    }

    private RecordLine put(RecordField field, boolean value) {
        fields.put(field.text(), value);
        return this;
    }

    private static String text(InetSocketAddress address) {
        return Addresses.text(address.getAddress(), address.getPort());
    }
}
