package dev.example.site;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Remembers the ids of events, because one may arrive more than once. */
@Repository
class HandledEvents {

  private final JdbcClient database;

  HandledEvents(JdbcClient database) {
    this.database = database;
  }

  boolean contains(String id) {
    return database
        .sql("select count(*) from handled_event where id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  void add(String id) {
    try {
      database
          .sql("insert into handled_event (id, handled_at) values (?, current_timestamp)")
          .param(id)
          .update();
    } catch (DuplicateKeyException another) {
      // The same event, delivered twice at the same time.
    }
  }
}
