package dev.behalf.web.work.events;

import dev.behalf.contract.JobState;
import dev.behalf.server.notifications.Notifications;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Publishes job changes to the listeners in this process and to open pages in every replica. Many
 * changes share one notification, because PostgreSQL handles each notification under a lock that
 * all transactions share.
 */
@Component
public class JobChanges {

  /** Channel of the notifications for open pages. */
  public static final String CHANNEL = "behalf_jobs_changed";

  /**
   * Changes per notification. PostgreSQL accepts payloads of less than 8,000 bytes; a change has at
   * most 84 bytes, the id 36.
   */
  private static final int IN_A_WORD = 90;

  private final Notifications notifications;
  private final List<Listener> listeners;

  JobChanges(Notifications notifications, List<Listener> listeners) {
    this.notifications = notifications;
    this.listeners = listeners;
  }

  /**
   * Receives changes inside the transaction that makes them, after the job rows are written. What a
   * listener writes is committed together with the changes, or not at all.
   */
  public interface Listener {
    void changed(List<Change> changes);
  }

  /** The new state of a job. */
  public record Change(UUID userId, UUID jobId, JobState state) {

    private String text() {
      return userId + " " + jobId + " " + state.wire();
    }

    private static Change of(String text) {
      var parts = text.split(" ", -1);
      return new Change(
          UUID.fromString(parts[0]), UUID.fromString(parts[1]), JobState.of(parts[2]));
    }
  }

  /** Publishes changes inside the caller's transaction. */
  public void publish(List<Change> changes) {
    listeners.forEach(listener -> listener.changed(changes));
    var words = new ArrayList<String>();
    for (int i = 0; i < changes.size(); i += IN_A_WORD) {
      words.add(
          UUID.randomUUID()
              + ":"
              + changes.subList(i, Math.min(changes.size(), i + IN_A_WORD)).stream()
                  .map(Change::text)
                  .collect(Collectors.joining(",")));
    }
    notifications.send(CHANNEL, words);
  }

  /**
   * A notification with the changes of one commit, or a part of them. Every replica receives the
   * notifications in the same order.
   */
  public record Notification(String id, List<Change> changes) {

    public static Notification read(String text) {
      var colon = text.indexOf(':');
      return new Notification(
          text.substring(0, colon),
          Arrays.stream(text.substring(colon + 1).split(",", -1)).map(Change::of).toList());
    }
  }
}
