package dev.behalf.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Authorization headers that no client of a library would send, byte by byte. */
final class MalformedHeaders {

  private static final int CONNECTIONS = 8;
  private static final String[] SCHEMES = {
    "Api-Key",
    "api-key",
    "API-KEY",
    "Api-Key ",
    "Bearer",
    "Basic",
    "Signature",
    "Digest",
    "",
    "Api-Key:",
    "Api-Key Api-Key"
  };

  private MalformedHeaders() {}

  /** How many requests were answered with which status. */
  record Result(Map<Integer, Integer> statuses) {}

  /**
   * Sends that many, the same ones for the same seed.
   *
   * @param key a real one, that the headers are made of by mistakes
   */
  static Result send(URI address, String key, int count, long seed) throws Exception {
    var statuses = new TreeMap<Integer, Integer>();
    try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      var parts = new ArrayList<Callable<Map<Integer, Integer>>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var random = new Random(seed * CONNECTIONS + i);
        var share = count / CONNECTIONS + (i < count % CONNECTIONS ? 1 : 0);
        parts.add(() -> sendShare(address, key, share, random));
      }
      for (var part : threads.invokeAll(parts)) {
        part.get().forEach((status, times) -> statuses.merge(status, times, Integer::sum));
      }
    }
    return new Result(statuses);
  }

  private static Map<Integer, Integer> sendShare(URI address, String key, int count, Random random)
      throws IOException {
    var statuses = new TreeMap<Integer, Integer>();
    @Nullable Socket socket = null;
    for (int i = 0; i < count; i++) {
      if (socket == null) {
        socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(20_000);
      }
      var out = new ByteArrayOutputStream();
      out.write(
          ("GET " + address.getPath() + " HTTP/1.1\r\nHost: behalf\r\nAuthorization: ")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(header(key, random));
      out.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(out.toByteArray());
      var isOpen = new boolean[] {true};
      statuses.merge(
          status(new BufferedInputStream(socket.getInputStream()), isOpen), 1, Integer::sum);
      if (!isOpen[0]) {
        socket.close();
        socket = null;
      }
    }
    if (socket != null) {
      socket.close();
    }
    return statuses;
  }

  private static byte[] header(String key, Random random) {
    var scheme = SCHEMES[random.nextInt(SCHEMES.length)];
    return join(scheme + " ", mistake(key, random));
  }

  private static byte[] mistake(String key, Random random) {
    var bytes = key.getBytes(StandardCharsets.US_ASCII);
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(3));
        yield bytes;
      }
      case 2 -> join(key, printable(1 + random.nextInt(40), random));
      case 3 -> printable(random.nextInt(6_000), random);
      case 4 -> {
        var any = new byte[random.nextInt(200)];
        random.nextBytes(any);
        for (int i = 0; i < any.length; i++) {
          // A line feed would end the header, and the request would be another one.
          any[i] = any[i] == '\n' || any[i] == '\r' ? (byte) '?' : any[i];
        }
        yield any;
      }
      case 5 -> join(key + ",", bytes);
      case 6 -> join(key.replace("_live_", "_test_"), new byte[0]);
      default ->
          join(
              printable(20, random),
              join(".", join(printable(60, random), join(".", printable(86, random)))));
    };
  }

  private static byte[] printable(int length, Random random) {
    var text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (' ' + random.nextInt(95));
    }
    return text;
  }

  private static byte[] join(String first, byte[] second) {
    return join(first.getBytes(StandardCharsets.US_ASCII), second);
  }

  private static byte[] join(byte[] first, byte[] second) {
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Reads one answer to its end. */
  private static int status(InputStream in, boolean[] isOpen) throws IOException {
    var status = Integer.parseInt(line(in).split(" ", -1)[1]);
    int length = 0;
    var isChunked = false;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var lower = line.toLowerCase(java.util.Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      isChunked |= lower.equals("transfer-encoding: chunked");
      isOpen[0] &= !lower.equals("connection: close");
    }
    if (isChunked) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        in.skipNBytes(size + 2L);
      }
      line(in);
    } else {
      in.skipNBytes(length);
    }
    return status;
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("The server has hung up in an answer.");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
