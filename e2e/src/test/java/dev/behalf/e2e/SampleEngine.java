package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An engine of samples/engines as a process of its own. */
record SampleEngine(Process process, int port) implements AutoCloseable {

  private static final Path FOLDER =
      Path.of(System.getProperty("behalf.home", ".."), "samples", "engines");

  static SampleEngine start(Path program, String file, int port) throws IOException {
    var process =
        new ProcessBuilder(program.toString(), FOLDER.resolve(file).toString(), "" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await().atMost(Duration.ofSeconds(30)).until(() -> isOpen(port));
    return new SampleEngine(process, port);
  }

  /** Returns a definition of the folder, with the port of an engine. */
  static String definition(String file, int port) throws IOException {
    return Files.readString(FOLDER.resolve(file)).replace("8701", "" + port);
  }

  private static boolean isOpen(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
