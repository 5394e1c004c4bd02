package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine that answers byte by byte as a test says, and keeps what it was sent. */
public final class ScriptedEngine implements AutoCloseable {

  /** What the engine does with the connection once it has read a request. */
  public interface Script {
    void answer(OutputStream out) throws Exception;
  }

  /** Chooses what to do by what was asked. */
  public interface Handler {
    Script answerTo(Received request) throws Exception;
  }

  /** A request as it came: header names in lower case. */
  public record Received(String line, Map<String, String> headers, String body) {}

  public final List<Received> received = new CopyOnWriteArrayList<>();
  public final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;
  private volatile Handler handler;

  public ScriptedEngine(Script script) throws IOException {
    this(0, script);
  }

  public ScriptedEngine(int port, Script script) throws IOException {
    this.handler = request -> script;
    this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public void now(Script next) {
    handler = request -> next;
  }

  /** Answers each request as the handler says from now on. */
  public void respond(Handler next) {
    handler = next;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/run?model=a");
  }

  /** Returns a script that sends a whole answer. */
  public static Script answer(String status, String headers, String body) {
    var bytes = body.getBytes(UTF_8);
    return out -> {
      out.write(
          ("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + bytes.length + "\r\n\r\n")
              .getBytes(ISO_8859_1));
      out.write(bytes);
      out.flush();
    };
  }

  public static Script result(String headers, String body) {
    return answer("200 OK", "Content-Type: application/json\r\n" + headers, body);
  }

  public static Script lines(String... lines) {
    return answer("200 OK", "Content-Type: application/x-ndjson\r\n", String.join("\n", lines));
  }

  /** Begins an answer of lines whose length is not known. */
  public static void begin(OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(ISO_8859_1));
    out.flush();
  }

  public static void chunk(OutputStream out, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
    out.write(bytes);
    out.write("\r\n".getBytes(ISO_8859_1));
    out.flush();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var request = read(in); request != null; request = read(in)) {
        received.add(request);
        handler.answerTo(request).answer(socket.getOutputStream());
      }
    } catch (Exception gone) {
      // The client went away, or the script cut the connection.
    }
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    var line = line(in);
    if (line.isEmpty()) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Received(line, headers, new String(in.readNBytes(length), UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
