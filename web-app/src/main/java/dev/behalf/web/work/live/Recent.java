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
final class Recent {

  private final int kept;
  private final Deque<Told> all = new ArrayDeque<>();

  /** What was told last before the first of them. */
  private String before = "";

  Recent(int kept) {
    this.kept = kept;
    forget();
  }

  void add(Told told) {
    all.addLast(told);
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
  Optional<List<Told>> since(String id, UUID userId) {
    var missed = new ArrayList<Told>();
    for (var late = all.descendingIterator(); late.hasNext(); ) {
      var told = late.next();
      if (told.id().equals(id)) {
        return Optional.of(missed.reversed());
      }
      if (told.change().userId().equals(userId)) {
        missed.add(told);
      }
    }
    return id.equals(before) ? Optional.of(missed.reversed()) : Optional.empty();
  }
}
