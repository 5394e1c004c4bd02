package dev.behalf.web.work.jobs;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.web.site.preferences.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The timeline of one job, drawn to scale: a lane for each attempt, a piece between each two hops.
 *
 * @param lanes one lane per attempt; the work of the last attempt follows once more, enlarged, if
 *     it would be too small to see
 * @param stops every hop in order, for the table
 */
record Timeline(List<Lane> lanes, List<Stop> stops, String total, String waited, String worked) {

  /** Width of the drawing, in its own units. */
  static final int WIDTH = 1000;

  /** Work that takes less than one part in this number of the total is too small to see. */
  private static final int TOO_SMALL = 20;

  private static final int LEAST_WIDTH = 2;

  /** Width from which a label fits into a piece. */
  private static final int LABELLED_FROM = 90;

  /** The work that each station completes; the time before any other station is waiting. */
  private static final Map<Station, String> WORK =
      Map.of(
          Station.VERIFIED, "signature",
          Station.KEY_FOUND, "lookup",
          Station.RECEIVED, "request",
          Station.COMPUTED, "engine",
          Station.CHARGED, "charge",
          Station.ANSWERED, "answer",
          Station.ENDED, "run");

  /**
   * A piece between two hops.
   *
   * @param what message key, without its prefix {@code way.piece.}
   */
  record Piece(
      String what, boolean isWork, double x, double width, boolean isLabelled, String time) {}

  /**
   * @param isLarger whether the lane is enlarged to the work of this attempt alone
   */
  record Lane(int attempt, boolean isLarger, List<Piece> pieces) {}

  /**
   * @param name message key, without its prefix {@code way.station.}
   */
  record Stop(String name, Instant at, String since, int attempt, boolean isFirstOfAttempt) {}

  private record Leg(Hop from, Hop to, int attempt) {

    Duration time() {
      var time = Duration.between(from.at(), to.at());
      return time.isNegative() ? Duration.ZERO : time;
    }

    boolean isWork() {
      return WORK.containsKey(to.station());
    }

    String what() {
      return switch (to.station()) {
        case DISPATCHED -> from.station() == Station.SUBMITTED ? "turn" : "pause";
        case TAKEN -> "broker";
        case STARTED, SETTLED -> "outcome";
        default -> WORK.getOrDefault(to.station(), "outcome");
      };
    }
  }

  /**
   * Returns the timeline of a job's hops. The clocks of machines can differ a little; a negative
   * time counts as zero.
   */
  static Timeline of(List<Hop> hops) {
    var legs = legs(hops);
    var total = sum(legs);
    var lanes = new ArrayList<Lane>();
    int attempts = legs.isEmpty() ? 0 : legs.getLast().attempt();
    for (int attempt = 1; attempt <= attempts; attempt++) {
      lanes.add(lane(legs, attempt, false, total));
    }
    var last = legs.stream().filter(leg -> leg.attempt() == attempts && leg.isWork()).toList();
    if (!last.isEmpty() && sum(last).multipliedBy(TOO_SMALL).compareTo(total) < 0) {
      lanes.add(lane(last, attempts, true, sum(last)));
    }
    return new Timeline(
        List.copyOf(lanes),
        stops(hops),
        Durations.precise(total),
        Durations.precise(sum(legs.stream().filter(leg -> !leg.isWork()).toList())),
        Durations.precise(sum(legs.stream().filter(Leg::isWork).toList())));
  }

  public boolean isDrawn() {
    return !lanes.isEmpty();
  }

  public int height() {
    return lanes.size() * 56;
  }

  private static List<Leg> legs(List<Hop> hops) {
    var legs = new ArrayList<Leg>();
    int attempt = 1;
    for (int i = 1; i < hops.size(); i++) {
      var from = hops.get(i - 1);
      var to = hops.get(i);
      if (to.station() == Station.SHOWN) {
        break;
      }
      attempt += to.station() == Station.DISPATCHED && from.station() != Station.SUBMITTED ? 1 : 0;
      legs.add(new Leg(from, to, attempt));
    }
    return legs;
  }

  private static Lane lane(List<Leg> legs, int attempt, boolean isLarger, Duration total) {
    var pieces = new ArrayList<Piece>();
    double scale = (double) WIDTH / Math.max(1, total.toNanos());
    double x = 0;
    for (var leg : legs) {
      double width = leg.time().toNanos() * scale;
      if (leg.attempt() == attempt) {
        pieces.add(
            new Piece(
                leg.what(),
                leg.isWork(),
                round(Math.min(x, WIDTH - LEAST_WIDTH)),
                round(Math.max(LEAST_WIDTH, width)),
                width >= LABELLED_FROM,
                Durations.precise(leg.time())));
      }
      x += width;
    }
    return new Lane(attempt, isLarger, List.copyOf(pieces));
  }

  private static List<Stop> stops(List<Hop> hops) {
    var stops = new ArrayList<Stop>();
    int attempt = 1;
    var before = hops.getFirst();
    for (var hop : hops) {
      var again = hop.station() == Station.DISPATCHED && before.station() != Station.SUBMITTED;
      attempt += again ? 1 : 0;
      stops.add(
          new Stop(
              hop.station().wire(),
              hop.at(),
              "+" + Durations.precise(Duration.between(before.at(), hop.at())),
              attempt,
              again));
      before = hop;
    }
    return List.copyOf(stops);
  }

  private static Duration sum(List<Leg> legs) {
    return legs.stream().map(Leg::time).reduce(Duration.ZERO, Duration::plus);
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
