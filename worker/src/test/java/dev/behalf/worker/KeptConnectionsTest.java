package dev.behalf.worker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.worker.compute.FakeCompute;
import io.micrometer.observation.ObservationRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;

/** The client of the key look-up and of compute-server, when a server closes its connections. */
class KeptConnectionsTest {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);

  private final OkHttpClient http =
      new Worker().http(FakeCompute.settings(Duration.ofMinutes(1)), ObservationRegistry.NOOP);

  @Test
  void a_call_on_a_connection_that_the_server_has_closed_is_repeated_on_a_new_one()
      throws Exception {
    try (var server = new OneAnswerPerConnection(Integer.MAX_VALUE)) {
      for (int i = 0; i < 3; i++) {
        assertThat(post(server)).isEqualTo(200);
      }
      assertThat(server.connections).hasValue(3);
    }
  }

  @Test
  void a_call_that_fails_on_a_new_connection_is_not_repeated() throws Exception {
    try (var server = new OneAnswerPerConnection(0)) {
      assertThatThrownBy(() -> post(server)).isInstanceOf(IOException.class);
      assertThat(server.connections).hasValue(1);
    }
  }

  private int post(OneAnswerPerConnection server) throws IOException {
    var request =
        new Request.Builder()
            .url("http://127.0.0.1:" + server.socket.getLocalPort())
            .post(RequestBody.create(new byte[0]))
            .build();
    try (var response = http.newCall(request).execute()) {
      return response.code();
    }
  }

  /** Closes a connection after one answer, without saying so in the answer. */
  private static final class OneAnswerPerConnection implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * Starts the server.
     *
     * @param answered the number of connections that get an answer before they are closed
     */
    OneAnswerPerConnection(int answered) throws IOException {
      Thread.ofVirtual().start(() -> serve(answered));
    }

    private void serve(int answered) {
      while (!socket.isClosed()) {
        try (var connection = socket.accept()) {
          readRequest(connection);
          if (connections.incrementAndGet() <= answered) {
            connection.getOutputStream().write(ANSWER);
          }
        } catch (IOException closed) {
          // The next connection, or the end of the test.
        }
      }
    }

    private static void readRequest(Socket connection) throws IOException {
      var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
      for (var line = lines.readLine(); line != null && !line.isEmpty(); ) {
        line = lines.readLine();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
