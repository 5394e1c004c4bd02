package dev.behalf.web.work.jobs;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.WireName;
import dev.behalf.web.site.preferences.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timeline of one job as a waterfall: a row for each step, grouped by attempt.
 *
 * @param total time from submission until the job ended; of an open job, until now
 * @param network time that the requests to compute-server spent on the network, if it was measured
 */
record Timeline(
    List<Attempt> attempts,
    boolean isOpen,
    String total,
    String waiting,
    String processing,
    @Nullable String network) {

  /** Width of a row's drawing, in its own units. */
  static final int WIDTH = 1000;

  private static final int LEAST_WIDTH = 4;

  /** A wait that is longer than the steps after it by more than this factor is not to scale. */
  private static final int TO_SCALE = 4;

  /** What the time of a step was spent on. */
  enum Kind implements WireName {
    WAITING,
    PROCESSING,
    /** Measured for both directions together; each is shown as half of that. */
    NETWORK
  }

  /** A step between two hops, named after what the job did until the second. */
  enum Step implements WireName {
    QUEUED(Kind.WAITING),
    BACKOFF(Kind.WAITING),
    BROKER(Kind.WAITING),
    SIGNATURE(Kind.PROCESSING),
    KEY(Kind.PROCESSING),
    REQUEST(Kind.NETWORK),
    ENGINE(Kind.PROCESSING),
    CHARGE(Kind.PROCESSING),
    RESPONSE(Kind.NETWORK),
    CALL(Kind.PROCESSING),
    RUN(Kind.PROCESSING),
    OUTCOME(Kind.WAITING),
    /** Handed over to the broker; the hops of the worker arrive together with its outcome. */
    IN_FLIGHT(Kind.PROCESSING);

    private final Kind kind;

    Step(Kind kind) {
      this.kind = kind;
    }

    static Step between(Station from, Station to) {
      return switch (to) {
        case SUBMITTED, DISPATCHED -> from == Station.SUBMITTED ? QUEUED : BACKOFF;
        case TAKEN -> BROKER;
        case VERIFIED -> SIGNATURE;
        case KEY_FOUND -> KEY;
        case RECEIVED -> REQUEST;
        case COMPUTED -> ENGINE;
        case CHARGED -> CHARGE;
        case ANSWERED -> from == Station.CHARGED ? RESPONSE : CALL;
        case ENDED -> RUN;
        case STARTED, SETTLED, SHOWN -> OUTCOME;
      };
    }

    /** Returns the step that begins at a station, for a job that has not passed the next one. */
    static Step after(Station last) {
      return switch (last) {
        case SUBMITTED -> QUEUED;
        case DISPATCHED -> IN_FLIGHT;
        case STARTED -> RUN;
        case SETTLED -> BACKOFF;
        default -> OUTCOME;
      };
    }

    boolean isBeforeDispatch() {
      return this == QUEUED || this == BACKOFF;
    }
  }

  /**
   * @param offset time from submission until the attempt began
   */
  record Attempt(int number, String offset, String time, List<Row> rows) {

    /** Returns whether a bar is shorter than its time. */
    public boolean isCut() {
      return rows.stream().anyMatch(Row::isCut);
    }

    /** Returns whether the times of the network are shown. */
    public boolean isNetworkShown() {
      return rows.stream().anyMatch(row -> row.kind().equals(Kind.NETWORK.wire()));
    }
  }

  /**
   * A step with its bar.
   *
   * @param step message key, without its prefix {@code timeline.step.}
   * @param at start of the step
   * @param isCut whether the step took longer than its bar shows
   * @param isOpen whether the step has not ended
   */
  record Row(
      String step,
      String kind,
      Instant at,
      String time,
      double x,
      double width,
      boolean isCut,
      boolean isOpen) {}

  private record Leg(Step step, Instant at, Duration time, int attempt, boolean isOpen) {}

  /**
   * Returns the timeline of a job. The clocks of machines can differ a little; a negative time
   * counts as zero.
   *
   * @param hops the stations that the job has passed, at least one
   * @param finished end of the job; null while it is open
   */
  static Timeline of(List<Hop> hops, @Nullable Instant finished, Instant now) {
    var legs = legs(hops, finished, now);
    var attempts = new ArrayList<Attempt>();
    var offset = Duration.ZERO;
    int last = legs.isEmpty() ? 0 : legs.getLast().attempt();
    for (int attempt = 1; attempt <= last; attempt++) {
      int number = attempt;
      var own = legs.stream().filter(leg -> leg.attempt() == number).toList();
      var time = sum(own);
      attempts.add(
          new Attempt(number, Durations.precise(offset), Durations.precise(time), rows(own)));
      offset = offset.plus(time);
    }
    return new Timeline(
        List.copyOf(attempts),
        finished == null,
        Durations.precise(offset),
        Durations.precise(sum(legs, Kind.WAITING)),
        Durations.precise(sum(legs, Kind.PROCESSING)),
        legs.stream().anyMatch(leg -> leg.step().kind == Kind.NETWORK)
            ? Durations.precise(sum(legs, Kind.NETWORK))
            : null);
  }

  private static List<Leg> legs(List<Hop> hops, @Nullable Instant finished, Instant now) {
    var legs = new ArrayList<Leg>();
    int attempt = 1;
    var from = hops.getFirst();
    for (var to : hops.subList(1, hops.size())) {
      if (to.station() == Station.SHOWN) {
        break;
      }
      var step = Step.between(from.station(), to.station());
      attempt += step == Step.BACKOFF ? 1 : 0;
      legs.add(new Leg(step, from.at(), between(from.at(), to.at()), attempt, false));
      from = to;
    }
    var rest = between(from.at(), finished == null ? now : finished);
    if (finished == null || (from.station() != Station.SETTLED && rest.isPositive())) {
      var step = Step.after(from.station());
      attempt += step == Step.BACKOFF ? 1 : 0;
      legs.add(new Leg(step, from.at(), rest, attempt, finished == null));
    }
    return legs;
  }

  /** Draws the steps of one attempt to one scale, except for a wait that would hide the rest. */
  private static List<Row> rows(List<Leg> legs) {
    var first = legs.getFirst();
    var rest = sum(legs).minus(first.time());
    var isCut =
        first.step().isBeforeDispatch()
            && rest.isPositive()
            && first.time().compareTo(rest.multipliedBy(TO_SCALE)) > 0;
    double scale = (double) WIDTH / Math.max(1, (isCut ? rest : sum(legs)).toNanos());
    var rows = new ArrayList<Row>();
    double x = 0;
    for (var leg : legs) {
      var cut = isCut && leg.equals(first);
      double width = leg.time().toNanos() * scale;
      rows.add(
          new Row(
              leg.step().wire(),
              leg.step().kind.wire(),
              leg.at(),
              Durations.precise(leg.time()),
              round(Math.min(x, WIDTH - LEAST_WIDTH)),
              cut ? WIDTH : round(Math.clamp(width, LEAST_WIDTH, WIDTH)),
              cut,
              leg.isOpen()));
      x += cut ? 0 : width;
    }
    return List.copyOf(rows);
  }

  private static Duration between(Instant from, Instant to) {
    var time = Duration.between(from, to);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static Duration sum(List<Leg> legs, Kind kind) {
    return sum(legs.stream().filter(leg -> leg.step().kind == kind).toList());
  }

  private static Duration sum(List<Leg> legs) {
    return legs.stream().map(Leg::time).reduce(Duration.ZERO, Duration::plus);
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
