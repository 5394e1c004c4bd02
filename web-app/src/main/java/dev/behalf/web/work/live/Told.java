package dev.behalf.web.work.live;

import dev.behalf.web.work.jobs.Changes;
import dev.behalf.web.work.jobs.Changes.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * A change as pages are told of it.
 *
 * @param id the same in every replica
 */
record Told(String id, Change change) {

  static List<Told> of(Changes.Word word) {
    var told = new ArrayList<Told>();
    for (var change : word.changes()) {
      told.add(new Told(word.id() + "." + told.size(), change));
    }
    return told;
  }
}
