package dev.behalf.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An HTTP/1.1 client that uses little CPU next to the server on the same cores: one thread,
 * persistent connections, one request at a time on each.
 */
final class HttpLoad {

  private static final int BUFFER = 64 * 1024;

  private final InetSocketAddress server;
  private final int connections;

  HttpLoad(URI server, int connections) {
    this.server = new InetSocketAddress(server.getHost(), server.getPort());
    this.connections = connections;
  }

  /**
   * An answer, with the times from {@link System#nanoTime} at which its request was sent and it
   * arrived.
   */
  record Answer(int request, long sent, long came, int status, String body) {
    long nanos() {
      return came - sent;
    }
  }

  private static final class Line {
    final ByteBuffer in = ByteBuffer.allocate(BUFFER);
    int request;
    long sent;
  }

  /** Sends {@code count} requests, each built just before it is sent. */
  List<Answer> send(int count, IntFunction<byte[]> request, boolean keepBodies) throws IOException {
    var answers = new ArrayList<Answer>(count);
    try (var selector = Selector.open()) {
      int next = 0;
      for (; next < Math.min(connections, count); next++) {
        var channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var line = new Line();
        send(channel, line, next, request);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, line);
      }
      while (answers.size() < count) {
        if (selector.select(30_000) == 0) {
          throw new IOException("No answer for 30 s, after " + answers.size() + " answers.");
        }
        for (var key : selector.selectedKeys()) {
          var line = (Line) key.attachment();
          var channel = (SocketChannel) key.channel();
          if (channel.read(line.in) < 0) {
            throw new IOException("The server has closed the connection.");
          }
          var answer = answer(line, keepBodies);
          if (answer != null) {
            answers.add(answer);
            if (next < count) {
              send(channel, line, next++, request);
            } else {
              key.cancel();
              channel.close();
            }
          }
        }
        selector.selectedKeys().clear();
      }
    }
    return answers;
  }

  private static void send(
      SocketChannel channel, Line line, int number, IntFunction<byte[]> request)
      throws IOException {
    line.in.clear();
    line.request = number;
    var bytes = ByteBuffer.wrap(request.apply(number));
    line.sent = System.nanoTime();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Returns the answer, or null if more of it is still to come. */
  private static @org.jspecify.annotations.Nullable Answer answer(Line line, boolean keepBody) {
    var text = new String(line.in.array(), 0, line.in.position(), StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return null;
    }
    var length = header(text, head, "content-length: ");
    boolean whole =
        length != null
            ? text.length() >= head + 4 + Integer.parseInt(length)
            : text.endsWith("0\r\n\r\n");
    if (!whole) {
      return null;
    }
    return new Answer(
        line.request,
        line.sent,
        System.nanoTime(),
        Integer.parseInt(text.substring(9, 12)),
        keepBody ? text.substring(head + 4) : "");
  }

  private static @org.jspecify.annotations.Nullable String header(
      String text, int head, String name) {
    for (int at = text.indexOf("\r\n"); at >= 0 && at < head; at = text.indexOf("\r\n", at + 2)) {
      if (text.regionMatches(true, at + 2, name, 0, name.length())) {
        return text.substring(at + 2 + name.length(), text.indexOf("\r\n", at + 2));
      }
    }
    return null;
  }

  static byte[] get(String path, String... headers) {
    return request("GET " + path, "", headers);
  }

  static byte[] post(String path, String json, String... headers) {
    return request("POST " + path, json, headers);
  }

  private static byte[] request(String line, String body, String... headers) {
    var text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (var header : headers) {
      text.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      text.append("Content-Type: application/json\r\nContent-Length: ")
          .append(body.length())
          .append("\r\n");
    }
    return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
  }
}
