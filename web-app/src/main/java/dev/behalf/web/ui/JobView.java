package dev.behalf.web.ui;

import dev.behalf.contract.Hop;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/** A job in the words of a page. */
record JobView(
    String id,
    String shortId,
    String environment,
    String operation,
    String state,
    String stateText,
    boolean open,
    String excerpt,
    String text,
    List<String> labels,
    @Nullable String other,
    @Nullable String result,
    @Nullable String answer,
    @Nullable Long units,
    int attempt,
    int maxAttempts,
    @Nullable String code,
    @Nullable String detail,
    Instant created,
    String createdText,
    @Nullable String waited,
    @Nullable String ran,
    List<HopView> hops) {

  /** Younger jobs look queued: most are done before anyone could read "running". */
  private static final Duration RUNNING_SHOWN_AFTER = Duration.ofMillis(250);

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  record HopView(String station, String label, String at, String since, int attempt) {}

  static JobView of(Job job, int maxAttempts, Instant now) {
    var state = state(job, now);
    var text = Objects.requireNonNullElse(job.payload().text(), "");
    var id = job.id().toString();
    return new JobView(
        id,
        id.substring(id.length() - 8),
        job.environment().wire(),
        Objects.requireNonNullElse(job.payload().operation(), ""),
        state,
        stateText(state),
        !job.state().isFinal(),
        text.length() > 90 ? text.substring(0, 89) + "…" : text,
        text,
        Objects.requireNonNullElse(job.payload().labels(), List.of()),
        job.payload().other(),
        pretty(job.result()),
        answer(job.result()),
        job.units(),
        job.attempt(),
        maxAttempts,
        job.code(),
        job.detail(),
        job.createdAt(),
        SECONDS.format(job.createdAt()),
        between(job, Hop.Station.SUBMITTED, Hop.Station.TAKEN),
        between(job, Hop.Station.TAKEN, Hop.Station.ANSWERED),
        hops(job));
  }

  private static String state(Job job, Instant now) {
    return switch (job.state()) {
      case QUEUED -> job.attempt() == 0 ? "queued" : "retrying";
      case DISPATCHED -> isLong(job, now) ? "running" : "queued";
      case FAILED -> "quota_exceeded".equals(job.code()) ? "refused" : "failed";
      case SUCCEEDED, CANCELLED -> job.state().wire();
    };
  }

  private static boolean isLong(Job job, Instant now) {
    return job.hops().getLast().at().plus(RUNNING_SHOWN_AFTER).isBefore(now);
  }

  private static String stateText(String state) {
    return switch (state) {
      case "queued" -> "It is stored and will run; you may close this page.";
      case "running" -> "A worker has it.";
      case "retrying" ->
          "The last attempt could not be finished; it will be tried again by itself.";
      case "succeeded" -> "Done: the result is saved.";
      case "refused" -> "Your quota does not allow it. Nothing was charged.";
      case "failed" -> "It could not be done. Nothing was charged.";
      default -> "It was cancelled. Nothing was charged.";
    };
  }

  private static @Nullable String between(Job job, Hop.Station from, Hop.Station to) {
    var start = job.hops().stream().filter(hop -> hop.station() == from).findFirst();
    var end = job.hops().stream().filter(hop -> hop.station() == to).reduce((a, b) -> b);
    return start.isEmpty() || end.isEmpty()
        ? null
        : duration(Duration.between(start.get().at(), end.get().at()));
  }

  private static List<HopView> hops(Job job) {
    var views = new ArrayList<HopView>();
    int attempt = 0;
    Instant before = job.createdAt();
    for (var hop : job.hops()) {
      attempt += hop.station() == Hop.Station.DISPATCHED ? 1 : 0;
      views.add(
          new HopView(
              hop.station().name().toLowerCase(Locale.ROOT),
              label(hop.station()),
              MILLIS.format(hop.at()),
              "+" + duration(Duration.between(before, hop.at())),
              attempt));
      before = hop.at();
    }
    return views;
  }

  private static String label(Hop.Station station) {
    return switch (station) {
      case SUBMITTED -> "Stored with its place in the queue";
      case DISPATCHED -> "Handed to the broker, confirmed";
      case TAKEN -> "Taken by a worker";
      case KEY_FOUND -> "Your key found for it";
      case ANSWERED -> "Answered by the compute server";
      case SETTLED -> "Outcome stored";
    };
  }

  private static String duration(Duration time) {
    var millis = Math.max(0, time.toMillis());
    return millis < 10_000 ? millis + " ms" : millis / 1_000 + " s";
  }

  private static @Nullable String pretty(@Nullable String json) {
    return json == null
        ? null
        : StrictJson.MAPPER
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(StrictJson.MAPPER.readTree(json));
  }

  /** The result in one line, where it has one. */
  private static @Nullable String answer(@Nullable String json) {
    if (json == null) {
      return null;
    }
    JsonNode result = StrictJson.MAPPER.readTree(json);
    for (var name : List.of("label", "summary", "text")) {
      if (result.path(name).isString()) {
        return result.path(name).asString();
      }
    }
    if (result.path("similarity").isNumber()) {
      return result.path("similarity").asString();
    }
    if (result.path("keywords").isArray()) {
      return String.join(
          ", ",
          result
              .path("keywords")
              .valueStream()
              .map(keyword -> keyword.path("text").asString())
              .toList());
    }
    return result.path("embedding").isArray() ? result.path("embedding").size() + " numbers" : null;
  }
}
