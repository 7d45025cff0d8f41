import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** java.net.Socket, as mail libraries for Java use it: one connect to the first address of the name. */
class Pop {
    public static void main(String... words) throws Exception {
        String host = words[0];
        int port = Integer.parseInt(words[1]);
        try (Socket socket = words[4].equals("implicit") ? secure(words[5], host, port) : new Socket(host, port)) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            expect(in.readLine());
            for (String command : new String[]{"USER " + words[2], "PASS " + words[3], "RETR 1"}) {
                out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                expect(in.readLine());
            }
            for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("the message breaks off");
                }
                System.out.println(line);
            }
            out.write("QUIT\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void expect(String reply) throws IOException {
        if (reply == null || !reply.startsWith("+OK")) {
            throw new IOException("server: " + reply);
        }
    }

    private static Socket secure(String authority, String host, int port) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream file = new FileInputStream(authority)) {
            trusted.setCertificateEntry("lab", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port);
        socket.startHandshake();
        return socket;
    }
}
