package io.dualpost.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.SignatureException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** The functions of OpenSSL 3's libcrypto that RSA signatures take. Any thread may use them. */
final class LibCrypto {
    /** By the SONAME: no other major version can be loaded by it. */
    static final String SONAME = "libcrypto.so.3";

    /** The machine's openssl.cnf is not read: no providers and engines of others in this process. */
    private static final long NO_LOAD_CONFIG = 0x80;
    /** Else the exit of the process would take OpenSSL apart under event loops that still sign. */
    private static final long NO_ATEXIT = 0x80000;
    private static final int RSA_PKCS1_PSS_PADDING = 6;
    private static final int RSA_PSS_SALTLEN_DIGEST = -1;
    private static final long VERSION_3 = 0x30000000L;
    private static final int LONGEST_ERROR = 256;

    private final SymbolLookup library;
    private final MethodHandle getError;
    private final MethodHandle errorText;
    private final MethodHandle readKey;
    private final MethodHandle keySize;
    private final MethodHandle freeKey;
    private final MethodHandle newContext;
    private final MethodHandle freeContext;
    private final MethodHandle begin;
    private final MethodHandle padding;
    private final MethodHandle salt;
    private final MethodHandle sign;
    private final Map<RsaScheme, MemorySegment> digests = new EnumMap<>(RsaScheme.class);
    private final String version;
    private final AtomicInteger keys = new AtomicInteger();

    /**
     * Looks everything up.
     *
     * @throws TlsProblem if something is missing or too old
     */
    LibCrypto(SymbolLookup library) throws TlsProblem {
        this.library = library;
        MethodHandle number = function("OpenSSL_version_num", FunctionDescriptor.of(JAVA_LONG));
        MethodHandle initialize = function("OPENSSL_init_crypto", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
        getError = function("ERR_get_error", FunctionDescriptor.of(JAVA_LONG));
        errorText = function("ERR_error_string_n", FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, JAVA_LONG));
        readKey = function("d2i_AutoPrivateKey", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        keySize = function("EVP_PKEY_get_size", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        freeKey = function("EVP_PKEY_free", FunctionDescriptor.ofVoid(ADDRESS));
        newContext = function("EVP_MD_CTX_new", FunctionDescriptor.of(ADDRESS));
        freeContext = function("EVP_MD_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
        begin = function("EVP_DigestSignInit",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        padding = function("EVP_PKEY_CTX_set_rsa_padding", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        salt = function("EVP_PKEY_CTX_set_rsa_pss_saltlen", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        sign = function("EVP_DigestSign",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        MethodHandle digest = function("EVP_get_digestbyname", FunctionDescriptor.of(ADDRESS, ADDRESS));
        try (Arena here = Arena.ofConfined()) {
            long packed = (long) number.invokeExact();
            if (packed < VERSION_3) {
                throw new TlsProblem("older than OpenSSL 3.0");
            }
            if ((int) initialize.invokeExact(NO_LOAD_CONFIG | NO_ATEXIT, MemorySegment.NULL) != 1) {
                throw new TlsProblem("OPENSSL_init_crypto failed");
            }
            version = (packed >>> 28) + "." + (packed >>> 20 & 0xff) + "." + (packed >>> 4 & 0xff);
            for (RsaScheme scheme : RsaScheme.values()) {
                MemorySegment found = (MemorySegment) digest.invokeExact(here.allocateFrom(scheme.digest()));
                if (found.equals(MemorySegment.NULL)) {
                    throw new TlsProblem("no " + scheme.digest());
                }
                digests.put(scheme, found);
            }
        } catch (Throwable e) {
            throw unexpected(e, TlsProblem.class);
        }
    }

    /**
     * Loads a library, for as long as the process lives.
     *
     * @param name as the dynamic linker finds it
     * @throws TlsProblem if it cannot be used; the message says why
     */
    // The start script and the jar's manifest allow it.
    @SuppressWarnings("restricted")
    static LibCrypto load(String name) throws TlsProblem {
        try {
            return new LibCrypto(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (TlsProblem e) {
            throw new TlsProblem(name + ": " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError e) {
            throw new TlsProblem(name + ": " + e.getMessage(), e); // Not there, or native access is not allowed.
        }
    }

    /** Such as 3.0.22. */
    String version() {
        return version;
    }

    /**
     * A private key in OpenSSL's memory, to be given to {@link #free} once.
     *
     * @param pkcs8 wiped by the caller
     */
    MemorySegment key(byte[] pkcs8) throws SignatureException {
        try (Arena here = Arena.ofConfined()) {
            MemorySegment octets = here.allocateFrom(JAVA_BYTE, pkcs8);
            try {
                MemorySegment place = here.allocateFrom(ADDRESS, octets);
                MemorySegment key = some("d2i_AutoPrivateKey",
                        (MemorySegment) readKey.invokeExact(MemorySegment.NULL, place, octets.byteSize()));
                keys.incrementAndGet();
                return key;
            } finally {
                octets.fill((byte) 0);
            }
        } catch (Throwable e) {
            throw unexpected(e, SignatureException.class);
        }
    }

    /** How many keys are held. */
    int keys() {
        return keys.get();
    }

    /** Frees and wipes a key. */
    void free(MemorySegment key) {
        try {
            freeKey.invokeExact(key);
            keys.decrementAndGet();
        } catch (Throwable e) {
            throw unexpected(e, RuntimeException.class);
        }
    }

    /**
     * Signs. OpenSSL verifies what it computed by the Chinese remainder theorem before it lets it out, so a fault of the
     * processor does not betray the key.
     */
    byte[] sign(MemorySegment key, RsaScheme scheme, byte[] message) throws SignatureException {
        MemorySegment context = MemorySegment.NULL;
        try (Arena here = Arena.ofConfined()) {
            context = some("EVP_MD_CTX_new", (MemorySegment) newContext.invokeExact());
            MemorySegment settings = here.allocate(ADDRESS);
            done("EVP_DigestSignInit", (int) begin.invokeExact(context, settings,
                    Objects.requireNonNull(digests.get(scheme)), MemorySegment.NULL, key));
            if (scheme.pss()) {
                MemorySegment inner = settings.get(ADDRESS, 0);
                done("EVP_PKEY_CTX_set_rsa_padding", (int) padding.invokeExact(inner, RSA_PKCS1_PSS_PADDING));
                done("EVP_PKEY_CTX_set_rsa_pss_saltlen", (int) salt.invokeExact(inner, RSA_PSS_SALTLEN_DIGEST));
            }
            MemorySegment signature = here.allocate((int) keySize.invokeExact(key));
            MemorySegment length = here.allocateFrom(JAVA_LONG, signature.byteSize());
            done("EVP_DigestSign", (int) sign.invokeExact(context, signature, length,
                    here.allocateFrom(JAVA_BYTE, message), (long) message.length));
            return signature.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
        } catch (Throwable e) {
            throw unexpected(e, SignatureException.class);
        } finally {
            freeContext(context);
        }
    }

    private void freeContext(MemorySegment context) {
        try {
            freeContext.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e, RuntimeException.class);
        }
    }

    private MemorySegment some(String function, MemorySegment result) throws Throwable {
        done(function, result.equals(MemorySegment.NULL) ? 0 : 1);
        return result;
    }

    private void done(String function, int result) throws Throwable {
        if (result != 1) {
            throw new SignatureException(function + ": " + errors());
        }
    }

    /** What OpenSSL has to say, names of its functions and reasons; its list for this thread is then empty. */
    private String errors() throws Throwable {
        String first = "no reason given";
        try (Arena here = Arena.ofConfined()) {
            MemorySegment text = here.allocate(LONGEST_ERROR);
            boolean told = false;
            for (long code = (long) getError.invokeExact(); code != 0; code = (long) getError.invokeExact()) {
                if (!told) {
                    errorText.invokeExact(code, text, text.byteSize());
                    first = text.getString(0);
                    told = true;
                }
            }
        }
        return first;
    }

    @SuppressWarnings("restricted")
    private MethodHandle function(String name, FunctionDescriptor signature) throws TlsProblem {
        return Linker.nativeLinker().downcallHandle(
                library.find(name).orElseThrow(() -> new TlsProblem("no function " + name)), signature);
    }

    /** Method handles may throw anything, as the compiler sees it. */
    private static <T extends Exception> T unexpected(Throwable thrown, Class<T> expected) {
        switch (thrown) {
            case Error error -> throw error;
            case RuntimeException wrong -> throw wrong;
            default -> {
                if (expected.isInstance(thrown)) {
                    return expected.cast(thrown);
                }
                throw new IllegalStateException(thrown);
            }
        }
    }
}
