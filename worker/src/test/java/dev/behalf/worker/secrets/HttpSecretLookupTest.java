package dev.behalf.worker.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.RawJson;
import dev.behalf.worker.compute.FakeCompute;
import dev.behalf.worker.secrets.SecretLookup.NoKey;
import dev.behalf.worker.secrets.SecretLookup.Unreachable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Look-ups whose connection breaks. */
class HttpSecretLookupTest {

  private static final String NO_KEY =
      """
      HTTP/1.1 404 Not Found\r
      Content-Length: 17\r
      \r
      {"code":"no_key"}""";

  @Test
  void on_a_connection_that_web_app_has_closed_is_made_again_with_a_new_nonce() throws Exception {
    try (var server = new OneAnswerPerConnection(NO_KEY)) {
      var lookup = lookup(server);

      for (int i = 0; i < 3; i++) {
        assertThat(lookup.find(job())).isEqualTo(new NoKey());
      }

      assertThat(server.signatures).hasSize(3).doesNotHaveDuplicates();
    }
  }

  @Test
  void is_made_twice_at_most() throws Exception {
    try (var server = new OneAnswerPerConnection("")) {
      assertThat(lookup(server).find(job())).isInstanceOf(Unreachable.class);
      assertThat(server.signatures).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Test
  void that_takes_too_long_is_not_made_again() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      assertThat(lookup(silent.getLocalPort(), Duration.ofMillis(200)).find(job()))
          .isEqualTo(new Unreachable("The key look-up failed: InterruptedIOException."));

      silent.setSoTimeout(200);
      silent.accept().close();
      assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static HttpSecretLookup lookup(OneAnswerPerConnection server) {
    return lookup(server.socket.getLocalPort(), Duration.ofSeconds(10));
  }

  private static HttpSecretLookup lookup(int port, Duration callTimeout) {
    var server = URI.create("http://127.0.0.1:" + port);
    var http =
        new OkHttpClient.Builder().retryOnConnectionFailure(false).callTimeout(callTimeout).build();
    return new HttpSecretLookup(
        http, FakeCompute.settings(server, Duration.ofMinutes(1)), InstantSource.system());
  }

  private static JobMessage job() {
    return new JobMessage(
        1,
        UUID.randomUUID(),
        UUID.randomUUID(),
        Environment.LIVE,
        new RawJson("{}"),
        1,
        Instant.EPOCH,
        null,
        null);
  }

  /** Closes each connection after its first answer, without saying so in the answer. */
  private static final class OneAnswerPerConnection implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> signatures = new CopyOnWriteArrayList<>();

    OneAnswerPerConnection(String answer) throws IOException {
      Thread.ofVirtual().start(() -> serve(answer));
    }

    private void serve(String answer) {
      while (!socket.isClosed()) {
        try (var connection = socket.accept()) {
          signatures.add(readRequest(connection));
          connection.getOutputStream().write(answer.getBytes(UTF_8));
        } catch (IOException closed) {
          // The next connection, or the end of the test.
        }
      }
    }

    /** Reads a request and returns its Signature-Input. */
    private static String readRequest(Socket connection) throws IOException {
      var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
      var length = 0;
      var signature = "";
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        } else if (line.startsWith("Signature-Input: ")) {
          signature = line;
        }
      }
      for (int i = 0; i < length; i++) {
        if (in.read() < 0) {
          throw new IOException("the request was cut off");
        }
      }
      return signature;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
