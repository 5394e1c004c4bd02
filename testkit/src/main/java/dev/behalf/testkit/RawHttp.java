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

/** An HTTP/1.1 request built byte by byte, to send what no client library would. */
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

  /** The server's answer; a chunked body keeps its chunk headers. */
  public record Answer(int status, Map<String, List<String>> headers, String body) {

    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
  }

  /**
   * Creates a request.
   *
   * @param target target as it stands in the first line, with its percent escapes
   */
  public static RawHttp request(URI server, String method, String target) {
    return new RawHttp(server, method + " " + target);
  }

  /** Adds a header, encoded in UTF-8 whatever it is meant to hold. */
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

  /** Sets how long the server may send nothing, in ms; then the answer is what has arrived. */
  public RawHttp patience(int millis) {
    patience = millis;
    return this;
  }

  /**
   * Sends the whole request, or as much of it as the server accepts, and reads the answer to its
   * end.
   */
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
        // The answer gives the reason.
      }
      return read(socket);
    }
  }

  private static Answer read(Socket socket) throws IOException {
    var octets = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(octets);
    } catch (IOException cutOff) {
      // The answer is what has arrived.
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
