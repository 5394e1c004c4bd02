package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads the body of a request without ever holding more of it than is allowed. */
public final class JsonBody {

  /** Room for a text of 64 KiB with every character escaped, labels and examples. */
  public static final int MAX_BYTES = 512 * 1024;

  private JsonBody() {}

  public static byte[] bytes(HttpServletRequest request) throws IOException {
    var body = read(request);
    if (body.length > MAX_BYTES) {
      var tooLarge =
          new Problem(
              ProblemCode.PAYLOAD_TOO_LARGE,
              "Keep the body within 512 KiB, and a text within 64 KiB.");
      // Nobody reads the rest. HTTP/2 ends the stream alone, and has no such header.
      throw request.getProtocol().equals("HTTP/1.1")
          ? tooLarge.with("Connection", "close")
          : tooLarge;
    }
    return body;
  }

  /** Whoever hangs up in the middle, or does not go on, has a fault, and not this server. */
  private static byte[] read(HttpServletRequest request) {
    try {
      return request.getInputStream().readNBytes(MAX_BYTES + 1);
    } catch (IOException brokenOff) {
      throw new Problem(ProblemCode.REQUEST_MALFORMED, "Send the whole body: it broke off.");
    }
  }

  /**
   * Reads the whole body as one value.
   *
   * @param storable whether texts that no database holds are refused
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
