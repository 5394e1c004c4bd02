package dev.behalf.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One request of HTTP/1.1, octet by octet: what no client library would send. */
public final class RawHttp {

  private final URI server;
  private final List<byte[]> lines = new ArrayList<>();
  private byte[] body = new byte[0];
  private int patience = 20_000;

  private RawHttp(URI server, String firstLine) {
    this.server = server;
    lines.add((firstLine + " HTTP/1.1").getBytes(StandardCharsets.UTF_8));
    header("Host", "127.0.0.1");
    header("Connection", "close");
  }

  /** What came back; a body in chunks stays as it is. */
  public record Answer(int status, Map<String, List<String>> headers, String body) {

    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
  }

  /**
   * Begins a request.
   *
   * @param target as it stands in the first line, percent signs and all
   */
  public static RawHttp request(URI server, String method, String target) {
    return new RawHttp(server, method + " " + target);
  }

  /** In UTF-8, whatever the header is meant to hold. */
  public RawHttp header(String name, String value) {
    lines.add((name + ": " + value).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public RawHttp body(String type, byte[] content) {
    body = content;
    return header("Content-Type", type).header("Content-Length", String.valueOf(content.length));
  }

  public RawHttp body(String type, String content) {
    return body(type, content.getBytes(StandardCharsets.UTF_8));
  }

  /** How long nothing may come, in ms; then the answer is what has come. */
  public RawHttp patience(int millis) {
    patience = millis;
    return this;
  }

  /** Sends it all, or as much as the server takes, and reads the answer to its end. */
  public Answer send() throws IOException {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(patience);
      var out = new ByteArrayOutputStream();
      for (var line : lines) {
        out.write(line);
        out.write('\r');
        out.write('\n');
      }
      out.write('\r');
      out.write('\n');
      try {
        socket.getOutputStream().write(out.toByteArray());
        socket.getOutputStream().write(body);
      } catch (IOException refusedInTheMiddle) {
        // The answer says why.
      }
      return read(socket);
    }
  }

  private static Answer read(Socket socket) throws IOException {
    var octets = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(octets);
    } catch (IOException cutOff) {
      // What has come is the answer.
    }
    var text = octets.toString(StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("The server has hung up without an answer.");
    }
    var head = List.of(text.substring(0, end).split("\r\n", -1));
    var headers = new TreeMap<String, List<String>>();
    for (var line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Answer(
        Integer.parseInt(head.getFirst().split(" ", -1)[1]), headers, text.substring(end + 4));
  }
}
