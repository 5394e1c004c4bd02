package dev.behalf.web.operators.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.thymeleaf.context.LazyContextVariable;

/**
 * Adds the state of the installation to the model of each page of operators. It is read when a
 * template shows it: a redirect or a CSV file reads nothing.
 */
@ControllerAdvice(basePackageClasses = StatusBar.class)
class StatusBar {

  static final String NAME = "status";

  private final QueueMetrics figures;
  private final Alerts alerts;
  private final InstantSource clock;
  private final Duration age;
  private @Nullable Status last;
  private Instant readAt = Instant.EPOCH;

  StatusBar(
      QueueMetrics figures,
      Alerts alerts,
      InstantSource clock,
      @Value("${behalf.status-age}") Duration age) {
    this.figures = figures;
    this.alerts = alerts;
    this.clock = clock;
    this.age = age;
  }

  @ModelAttribute
  void add(Model model) {
    model.addAttribute(
        NAME,
        new LazyContextVariable<Status>() {
          @Override
          protected Status loadValue() {
            return read();
          }
        });
  }

  /** Returns the state that these figures show. */
  Status of(List<QueueMetrics.Of> read) {
    return new Status(alerts.look(read), new OperatorFormats(clock.instant()));
  }

  /**
   * Returns the state of a few seconds ago at most. One request at a time reads it: with a broker
   * that does not answer, that takes long.
   */
  private synchronized Status read() {
    var now = clock.instant();
    if (last == null || readAt.plus(age).isBefore(now)) {
      last = readNow();
      readAt = clock.instant();
    }
    return last;
  }

  /** A page must open while the database is too slow for the figures: it may be the remedy. */
  private Status readNow() {
    try {
      return of(figures.read());
    } catch (DataAccessException | TransactionException slow) {
      return unknown();
    }
  }

  /** Returns the state while the figures cannot be read. */
  Status unknown() {
    return new Status(List.of(Alerts.UNKNOWN), new OperatorFormats(clock.instant()));
  }
}
