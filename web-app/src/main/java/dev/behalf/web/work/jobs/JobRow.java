package dev.behalf.web.work.jobs;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobState;
import dev.behalf.contract.StorableText;
import dev.behalf.web.site.preferences.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job in a list.
 *
 * @param excerpt start of the first text of the input
 * @param answer start of the main value of the result, if there is one
 * @param waited time from submission until a worker last received the job
 * @param ran time from a worker's first receipt of the job until compute-server's last answer
 * @param isByKey whether an API key of the user's submitted the job
 */
public record JobRow(
    String id,
    String shortId,
    String environment,
    String operation,
    ShownState state,
    int attempt,
    String excerpt,
    @Nullable String answer,
    @Nullable Long units,
    @Nullable String code,
    Instant created,
    @Nullable Instant finished,
    @Nullable String waited,
    @Nullable String ran,
    boolean isByKey) {

  /**
   * Time after the last hop from which a dispatched job is shown as running. Until then the job is
   * shown as queued: most jobs end before anyone could read "running".
   */
  private static final Duration RUNNING_SHOWN_AFTER = Duration.ofMillis(250);

  private static final int EXCERPT = 90;

  public static JobRow of(Job job, Instant now) {
    var text = job.payload().firstText().orElse("");
    var answer = MainValue.of(job.result());
    var id = job.id().toString();
    return new JobRow(
        id,
        id.substring(id.length() - 8),
        job.environment().wire(),
        job.payload().operation(),
        state(job, now),
        job.attempt(),
        excerpt(text),
        answer == null ? null : excerpt(answer),
        job.units(),
        job.code(),
        job.createdAt(),
        job.finishedAt(),
        between(first(job, Station.SUBMITTED), first(job, Station.TAKEN)),
        between(first(job, Station.TAKEN), last(job, Station.ANSWERED)),
        job.originKeyId() != null);
  }

  public boolean isOpen() {
    return finished == null;
  }

  /** Returns the start of a text, short enough for a row. */
  static String excerpt(String text) {
    return text.length() <= EXCERPT ? text : StorableText.shortened(text, EXCERPT - 1) + "…";
  }

  private static ShownState state(Job job, Instant now) {
    var state = ShownState.of(job.state(), job.attempt(), job.code());
    return job.state() == JobState.DISPATCHED && !isLong(job, now) ? ShownState.QUEUED : state;
  }

  private static boolean isLong(Job job, Instant now) {
    return job.hops().getLast().at().plus(RUNNING_SHOWN_AFTER).isBefore(now);
  }

  private static @Nullable String between(@Nullable Instant start, @Nullable Instant end) {
    return start == null || end == null ? null : Durations.rounded(Duration.between(start, end));
  }

  private static @Nullable Instant first(Job job, Station station) {
    return times(job, station).findFirst().orElse(null);
  }

  private static @Nullable Instant last(Job job, Station station) {
    return times(job, station).reduce(null, (earlier, later) -> later);
  }

  private static Stream<Instant> times(Job job, Station station) {
    return job.hops().stream().filter(hop -> hop.station() == station).map(Hop::at);
  }
}
