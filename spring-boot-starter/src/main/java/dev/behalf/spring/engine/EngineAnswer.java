package dev.behalf.spring.engine;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to a call: plain JSON if nothing was said before the end, else one JSON object on each
 * line. Several threads may write; once it has ended, nothing more is written.
 */
final class EngineAnswer {

  /** The longest line, with room for what stands around a result. */
  private static final int MAX_LINE = 1024 * 1024 - 100;

  private final HttpServletResponse response;
  private final boolean isLong;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isStream;
  private boolean hasEnded;
  private @Nullable Long units;

  /**
   * The answer to a call.
   *
   * @param isLong whether what the work has cost is said as it comes: a call that is cancelled
   *     costs what it has reported
   */
  EngineAnswer(HttpServletResponse response, boolean isLong) {
    this.response = response;
    this.isLong = isLong;
  }

  /** Writes a line, such as {@code {"log":{"message":"…"}}}. */
  void line(String name, ObjectNode body) throws IOException {
    line(Json.MAPPER.writeValueAsBytes(Map.of(name, body)));
  }

  /** Writes an empty line, which shows that the work goes on. */
  void heartbeat() throws IOException {
    line(new byte[0]);
  }

  /** Remembers what the work has cost so far; in a stream, and of a long call, says so. */
  void units(long soFar) throws IOException {
    lock.lock();
    try {
      units = soFar;
      if (hasEnded) {
        return;
      }
      if (isStream) {
        usage(soFar);
      } else if (isLong) {
        begin();
      }
    } finally {
      lock.unlock();
    }
  }

  private void usage(long soFar) throws IOException {
    var usage = Json.MAPPER.createObjectNode().put("units", soFar);
    write(Json.MAPPER.writeValueAsBytes(Map.of("usage", usage)));
  }

  private void line(byte[] line) throws IOException {
    if (line.length > MAX_LINE) {
      throw new IllegalArgumentException("A line of an engine has at most 1 MiB.");
    }
    lock.lock();
    try {
      if (!hasEnded) {
        begin();
        write(line);
      }
    } finally {
      lock.unlock();
    }
  }

  private void begin() throws IOException {
    if (!isStream) {
      isStream = true;
      response.setStatus(HttpServletResponse.SC_OK);
      response.setContentType("application/x-ndjson");
      if (units != null) {
        usage(units);
      }
    }
  }

  private void write(byte[] line) throws IOException {
    var out = response.getOutputStream();
    out.write(line);
    out.write('\n');
    out.flush();
  }

  /** Ends the answer with a result. */
  void result(ObjectNode result) throws IOException {
    var json = Json.MAPPER.writeValueAsBytes(result);
    if (isLong && json.length > MAX_LINE) {
      // Also where it could be sent: whether a job succeeds must not depend on how long it took.
      refused(422, "result_too_long", "The result of a long operation has at most 1 MiB.");
      return;
    }
    end(
        () -> {
          if (units != null) {
            response.setHeader("Behalf-Units", String.valueOf(units));
          }
          plain(HttpServletResponse.SC_OK, json);
        },
        () -> {
          if (json.length > MAX_LINE) {
            problem("result_too_long", "A streamed result has at most 1 MiB.", false);
            return;
          }
          var end = Json.MAPPER.createObjectNode();
          end.set("result", result);
          if (units != null) {
            end.put("units", units);
          }
          write(Json.MAPPER.writeValueAsBytes(end));
        });
  }

  /** Ends the answer: the input is refused, by a status of its own if nothing was said before. */
  void refused(int status, String code, String detail) throws IOException {
    end(
        () -> plain(status, Json.MAPPER.writeValueAsBytes(body(code, detail, false))),
        () -> problem(code, detail, false));
  }

  /** Ends the answer: the attempt failed. */
  void failed(String code, String detail) throws IOException {
    end(
        () -> {
          // A status says that an attempt failed, but not why: only a line has both.
          begin();
          problem(code, detail, true);
        },
        () -> problem(code, detail, true));
  }

  /** Ends the answer: there is no room at present. */
  void busy(Duration retryAfter, String detail) throws IOException {
    end(
        () -> {
          response.setHeader("Retry-After", String.valueOf(Math.max(1, retryAfter.toSeconds())));
          plain(
              HttpServletResponse.SC_SERVICE_UNAVAILABLE,
              Json.MAPPER.writeValueAsBytes(body("busy", detail, true)));
        },
        () -> problem("busy", detail, true));
  }

  private void problem(String code, String detail, boolean retry) throws IOException {
    write(Json.MAPPER.writeValueAsBytes(Map.of("problem", body(code, detail, retry))));
  }

  private static ObjectNode body(String code, String detail, boolean retry) {
    return Json.MAPPER
        .createObjectNode()
        .put("code", code)
        .put("detail", detail)
        .put("retry", retry);
  }

  private void plain(int status, byte[] json) throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }

  private interface Writing {
    void write() throws IOException;
  }

  private void end(Writing plain, Writing streamed) throws IOException {
    lock.lock();
    try {
      if (!hasEnded) {
        hasEnded = true;
        (isStream ? streamed : plain).write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the answer without another word: nobody reads it. */
  void abandon() {
    lock.lock();
    try {
      hasEnded = true;
    } finally {
      lock.unlock();
    }
  }
}
