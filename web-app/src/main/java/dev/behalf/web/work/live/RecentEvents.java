package dev.behalf.web.work.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The most recent changes, for pages that reconnect after a gap. PostgreSQL notifies all listeners
 * in commit order, so a page can continue at another replica where it stopped at this one.
 */
final class RecentEvents {

  private final int kept;
  private final Deque<LiveEvent> all = new ArrayDeque<>();

  /** Id of the event before the oldest one kept; a random id until an event was dropped. */
  private String before = "";

  RecentEvents(int kept) {
    this.kept = kept;
    forget();
  }

  void add(LiveEvent event) {
    all.addLast(event);
    if (all.size() > kept) {
      before = all.removeFirst().id();
    }
  }

  /**
   * Forgets all events, because some may have been missed. No page can continue from an event
   * before this point.
   */
  void forget() {
    all.clear();
    before = UUID.randomUUID().toString();
  }

  /** Returns the id of the latest event, for a page that has missed nothing. */
  String last() {
    return all.isEmpty() ? before : all.getLast().id();
  }

  /** Returns a user's events after {@code id}, or empty if that event is no longer known. */
  Optional<List<LiveEvent>> since(String id, UUID userId) {
    var missed = new ArrayList<LiveEvent>();
    for (var late = all.descendingIterator(); late.hasNext(); ) {
      var event = late.next();
      if (event.id().equals(id)) {
        return Optional.of(missed.reversed());
      }
      if (event.change().userId().equals(userId)) {
        missed.add(event);
      }
    }
    return id.equals(before) ? Optional.of(missed.reversed()) : Optional.empty();
  }
}
