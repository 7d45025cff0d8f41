package io.dualpost.tls;

import java.security.cert.CertificateException;

/** A backend's certificate is not to be trusted; the message says which name was expected and what was shown. */
public final class BackendCertificateProblem extends CertificateException {
    private static final long serialVersionUID = 1L;

    BackendCertificateProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
