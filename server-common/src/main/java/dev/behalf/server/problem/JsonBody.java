package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads the body of a request and never holds more than the allowed size in memory. */
public final class JsonBody {

  /** Enough for a text of 64 KiB with every character escaped, labels and examples. */
  public static final int MAX_BYTES = 512 * 1024;

  private JsonBody() {}

  public static byte[] bytes(HttpServletRequest request) throws IOException {
    return bytes(request, MAX_BYTES, "Keep the body within 512 KiB, and a text within 64 KiB.");
  }

  /**
   * Reads a body of another size.
   *
   * @param advice what to do about a larger one
   */
  public static byte[] bytes(HttpServletRequest request, int maxBytes, String advice)
      throws IOException {
    var body = read(request, maxBytes);
    if (body.length > maxBytes) {
      var tooLarge = new Problem(ProblemCode.PAYLOAD_TOO_LARGE, advice);
      // The rest stays unread. HTTP/2 resets the stream alone and has no Connection header.
      throw request.getProtocol().equals("HTTP/1.1")
          ? tooLarge.with("Connection", "close")
          : tooLarge;
    }
    return body;
  }

  /** A client that disconnects or stalls in the middle is at fault, not this server. */
  private static byte[] read(HttpServletRequest request, int maxBytes) {
    try {
      return request.getInputStream().readNBytes(maxBytes + 1);
    } catch (IOException brokenOff) {
      throw new Problem(
          ProblemCode.REQUEST_MALFORMED, "The body ended early: send the whole body.");
    }
  }

  /**
   * Reads the whole body as one value.
   *
   * @param storable whether to refuse texts that the database cannot store
   */
  public static <T> T read(HttpServletRequest request, Class<T> type, boolean storable)
      throws IOException {
    try {
      return StrictJson.read(bytes(request), type, storable);
    } catch (Unreadable unreadable) {
      throw Problem.of(unreadable);
    }
  }
}
