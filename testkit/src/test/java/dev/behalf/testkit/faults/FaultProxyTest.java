package dev.behalf.testkit.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::echo);
    proxy = new FaultProxy(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void passes_everything_on() throws IOException {
    try (var socket = connect()) {
      assertThat(say(socket, "hello")).isEqualTo("hello");
    }
  }

  @Test
  void takes_the_next_target_where_one_refuses() throws IOException {
    int gone;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = closed.getLocalPort();
    }
    try (var both = new FaultProxy(gone, echo.getLocalPort())) {
      for (int i = 0; i < 4; i++) {
        try (var socket = connect(both)) {
          assertThat(say(socket, "hello")).isEqualTo("hello");
        }
      }
    }
  }

  @Test
  void is_late() throws IOException {
    proxy.set(new Toxic.Latency(Duration.ofMillis(100), Duration.ofMillis(20)));
    try (var socket = connect()) {
      var start = System.nanoTime();
      assertThat(say(socket, "hello")).isEqualTo("hello");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
    }
  }

  @Test
  void gives_one_byte_after_another() throws IOException {
    proxy.set(new Toxic.Slices());
    try (var socket = connect()) {
      assertThat(say(socket, "hello, slowly")).isEqualTo("hello, slowly");
    }
  }

  @Test
  void refuses_while_it_is_down_and_is_itself_again() throws IOException {
    try (var before = connect()) {
      assertThat(say(before, "hello")).isEqualTo("hello");
      proxy.set(new Toxic.Down());
      assertThat(before.getInputStream().read()).isEqualTo(-1);
    }
    // The port is free when the thread that waits at it has noticed.
    await()
        .untilAsserted(
            () -> assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class));
    proxy.heal();
    try (var after = connect()) {
      assertThat(say(after, "again")).isEqualTo("again");
    }
  }

  @Test
  void resets_in_the_middle_of_an_answer() throws IOException {
    proxy.set(new Toxic.ResetWithin(3));
    try (var socket = connect()) {
      socket.getOutputStream().write("0123456789".getBytes(US_ASCII));
      assertThatThrownBy(
              () -> {
                if (socket.getInputStream().readNBytes(10).length < 10) {
                  throw new SocketException("ended early");
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void swallows_and_never_says_so() throws IOException {
    try (var before = connect()) {
      assertThat(say(before, "hello")).isEqualTo("hello");
      proxy.set(new Toxic.HalfOpen());
      assertNothingComes(before);
      try (var during = connect()) {
        assertNothingComes(during);
        proxy.heal();
        assertNothingComes(during);
      }
    }
    try (var after = connect()) {
      assertThat(say(after, "again")).isEqualTo("again");
    }
  }

  @Test
  void sees_a_word_that_comes_in_pieces() throws IOException {
    proxy.watchFor("secret");
    try (var socket = connect()) {
      assertThat(say(socket, "nothing")).isEqualTo("nothing");
      assertThat(proxy.hasSeen()).isFalse();
      assertThat(say(socket, "a sec")).isEqualTo("a sec");
      assertThat(say(socket, "ret")).isEqualTo("ret");
      assertThat(proxy.hasSeen()).isTrue();
    }
  }

  private static void assertNothingComes(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    socket.getOutputStream().write('?');
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  private static String say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return new String(socket.getInputStream().readNBytes(text.length()), US_ASCII);
  }

  private Socket connect() throws IOException {
    return connect(proxy);
  }

  private static Socket connect(FaultProxy through) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), through.port());
  }

  private void echo() {
    while (!echo.isClosed()) {
      try {
        var socket = echo.accept();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException ended) {
                    // By the other side.
                  }
                });
      } catch (IOException closed) {
        // The loop ends.
      }
    }
  }
}
