package dev.behalf.web.work.events;

import dev.behalf.contract.StrictJson;
import dev.behalf.web.work.events.EventRows.Said;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine of a job has said so far, for its page.
 *
 * @param after number of the last event, from which the page goes on
 * @param fraction how much is done, from 0 to 1; null if the engine said nothing of it
 * @param message what the engine is doing; null if it did not say
 * @param output text of the result as it came, or its last part
 * @param log lines for the owner, the last ones
 * @param isCut whether more was said than is kept or shown
 */
public record RunSoFar(
    long after,
    @Nullable Double fraction,
    @Nullable String message,
    String output,
    List<String> log,
    boolean isCut) {

  public static final RunSoFar NOTHING = new RunSoFar(0, null, null, "", List.of(), false);

  /** Most of the output that a page shows at first, in UTF-16 units. */
  private static final int SHOWN = 64 * 1024;

  public boolean isEmpty() {
    return after == 0;
  }

  /** Returns what the last events say; those of an earlier run count no more. */
  static RunSoFar of(List<Said> last, boolean isAll) {
    Double fraction = null;
    String message = null;
    var output = new StringBuilder();
    var log = new ArrayList<String>();
    var isCut = !isAll;
    for (var said : last) {
      var body = StrictJson.MAPPER.readTree(said.data());
      switch (said.name()) {
        case "progress" -> {
          if (body.path("fraction").isNumber()) {
            fraction = body.path("fraction").asDouble();
          }
          message = body.path("message").stringValue(message);
        }
        case "output" -> output.append(body.path("delta").stringValue(""));
        case "log" -> log.add(body.path("message").stringValue(""));
        case "truncated" -> isCut = true;
        default -> {}
      }
    }
    var from = Math.max(0, output.length() - SHOWN);
    return new RunSoFar(
        last.isEmpty() ? 0 : last.getLast().seq(),
        fraction,
        message,
        output.substring(from),
        List.copyOf(log),
        isCut || from > 0);
  }
}
