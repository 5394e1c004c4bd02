package dev.behalf.web.work.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The last changes, for pages that come back after a gap. PostgreSQL tells every listener of them
 * in the order of their commits, so a page can go on at another replica where it stopped at this
 * one.
 */
final class RecentEvents {

  private final int kept;
  private final Deque<LiveEvent> all = new ArrayDeque<>();

  /** What was told last before the first of them. */
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

  /** Something may have been missed: nobody can go on from before now. */
  void forget() {
    all.clear();
    before = UUID.randomUUID().toString();
  }

  /** Where somebody stands who has heard all of it. */
  String last() {
    return all.isEmpty() ? before : all.getLast().id();
  }

  /** What a user's page has missed since; nothing where that is not known any more. */
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
