package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps files between their preview and their start: a user's newest three, each for an hour. They
 * are in the database, so that another replica can start what one has previewed.
 */
@Component
class Uploads {

  private static final int MOST = 3;
  private static final int PART = 1024 * 1024;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final ReadingSlots slots;
  private final InstantSource clock;

  Uploads(
      JdbcClient database,
      TransactionTemplate transaction,
      ReadingSlots slots,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.slots = slots;
    this.clock = clock;
  }

  /**
   * Stores a file, and deletes the user's oldest ones.
   *
   * @param content at most {@link Records#MOST} bytes
   */
  UUID keep(
      UUID userId,
      Environment environment,
      String name,
      Batch.Format format,
      Upload.Settings settings,
      Preview preview,
      InputStream content) {
    slots.enter(userId);
    try {
      return stored(userId, environment, name, format, settings, preview, content);
    } finally {
      slots.leave(userId);
    }
  }

  private UUID stored(
      UUID userId,
      Environment environment,
      String name,
      Batch.Format format,
      Upload.Settings settings,
      Preview preview,
      InputStream content) {
    var id = UuidV7.at(clock.instant());
    transaction.executeWithoutResult(
        status -> {
          database
              .sql(
                  """
                  insert into jobs.uploads (user_id, id, environment, name, format, settings, preview, created_at)
                  values (?, ?, ?, ?, ?, ?, ?, now())
                  """)
              .params(
                  userId,
                  id,
                  environment.wire(),
                  NewBatch.shown(name),
                  format.wire(),
                  StrictJson.text(settings),
                  StrictJson.text(preview))
              .update();
          try {
            store(userId, id, content);
          } catch (IOException broken) {
            throw new UncheckedIOException(broken);
          }
        });
    // After the commit, so that uploads at the same time count each other.
    database
        .sql(
            """
            delete from jobs.uploads where user_id = :user and id not in (
              select id from jobs.uploads where user_id = :user order by id desc limit :most)
            """)
        .param("user", userId)
        .param("most", MOST)
        .update();
    return id;
  }

  private void store(UUID userId, UUID id, InputStream content) throws IOException {
    int part = 0;
    for (var bytes = content.readNBytes(PART); bytes.length > 0; bytes = content.readNBytes(PART)) {
      database
          .sql(
              "insert into jobs.upload_parts (user_id, upload_id, part, content) values (?, ?, ?, ?)")
          .params(userId, id, part++, bytes)
          .update();
    }
  }

  Optional<Upload> find(UUID userId, Environment environment, UUID id) {
    return database
        .sql("select * from jobs.uploads where user_id = ? and id = ? and environment = ?")
        .params(userId, id, environment.wire())
        .query(Uploads::upload)
        .optional();
  }

  /** Returns a user's files, the newest first. */
  List<Upload> list(UUID userId, Environment environment) {
    return database
        .sql("select * from jobs.uploads where user_id = ? and environment = ? order by id desc")
        .params(userId, environment.wire())
        .query(Uploads::upload)
        .list();
  }

  /** Returns the content of a file; reading fails if the file is deleted meanwhile. */
  InputStream open(UUID userId, UUID id) {
    return new Parts(part -> part(userId, id, part), () -> isThere(userId, id));
  }

  /** Keeps a file for another hour, so that it is there until it has been read. */
  void renew(UUID userId, UUID id) {
    database
        .sql("update jobs.uploads set created_at = now() where user_id = ? and id = ?")
        .params(userId, id)
        .update();
  }

  private boolean isThere(UUID userId, UUID id) {
    return database
        .sql("select exists (select from jobs.uploads where user_id = ? and id = ?)")
        .params(userId, id)
        .query(Boolean.class)
        .single();
  }

  private Optional<byte[]> part(UUID userId, UUID id, int part) {
    return database
        .sql(
            "select content from jobs.upload_parts where user_id = ? and upload_id = ? and part = ?")
        .params(userId, id, part)
        .query((row, index) -> row.getBytes("content"))
        .optional();
  }

  void change(UUID userId, UUID id, Upload.Settings settings, Preview preview) {
    database
        .sql("update jobs.uploads set settings = ?, preview = ? where user_id = ? and id = ?")
        .params(StrictJson.text(settings), StrictJson.text(preview), userId, id)
        .update();
  }

  /** Deletes a file; returns whether it was there. */
  boolean discard(UUID userId, UUID id) {
    return database
            .sql("delete from jobs.uploads where user_id = ? and id = ?")
            .params(userId, id)
            .update()
        > 0;
  }

  @Scheduled(fixedDelayString = "1m")
  void expire() {
    database.sql("delete from jobs.uploads where created_at < now() - interval '1 hour'").update();
  }

  private static Upload upload(ResultSet row, int index) throws SQLException {
    return new Upload(
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        row.getString("name"),
        Batch.Format.of(row.getString("format")),
        StrictJson.MAPPER.readValue(row.getString("settings"), Upload.Settings.class),
        StrictJson.MAPPER.readValue(row.getString("preview"), Preview.class),
        Timestamps.instant(row, "created_at"));
  }
}
