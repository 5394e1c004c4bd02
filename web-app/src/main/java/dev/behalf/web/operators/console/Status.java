package dev.behalf.web.operators.console;

import dev.behalf.web.operators.console.Alerts.Alert;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the installation, for the bar on top of each page of operators.
 *
 * @param alerts the most urgent first
 */
record Status(List<Alert> alerts, OperatorFormats spans) {

  /** Returns green without a problem, red if one is urgent, otherwise amber. */
  public String level() {
    var first = first();
    return first == null ? "green" : first.isUrgent() ? "red" : "amber";
  }

  /** Returns the problem that the bar names. */
  public @Nullable Alert first() {
    return alerts.isEmpty() ? null : alerts.getFirst();
  }

  /** Returns the problems that the bar does not name. */
  public List<Alert> others() {
    return alerts.isEmpty() ? alerts : alerts.subList(1, alerts.size());
  }
}
