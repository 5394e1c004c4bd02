package dev.behalf.web.work.live;

import dev.behalf.web.work.events.JobChanges;
import dev.behalf.web.work.events.JobChanges.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * A job change as it is sent to pages.
 *
 * @param id id of the event, the same in every replica
 */
record LiveEvent(String id, Change change) {

  static List<LiveEvent> of(JobChanges.Notification word) {
    var event = new ArrayList<LiveEvent>();
    for (var change : word.changes()) {
      event.add(new LiveEvent(word.id() + "." + event.size(), change));
    }
    return event;
  }
}
