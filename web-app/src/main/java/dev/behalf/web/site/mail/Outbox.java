package dev.behalf.web.site.mail;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores mails to be sent, in the caller's transaction if there is one. */
@Component
public class Outbox {

  /** Mails of one kind to one address: whoever asks again and again fills nobody's mailbox. */
  private static final Duration BETWEEN = Duration.ofMinutes(2);

  private static final int MOST_IN_A_DAY = 10;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Outbox(
      JdbcClient database,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Tells a user, if the user has a verified address and an account that is not disabled.
   *
   * @param details what the text names
   * @param once names what is told, so that it is not told twice; null for what can be repeated
   */
  public void tell(UUID userId, MailKind kind, List<String> details, @Nullable String once) {
    var stored =
        database
            .sql(
                """
            insert into accounts.mails (id, user_id, address, kind, language, details, once, next_at, created_at)
            select :id, u.id, u.email, :kind, coalesce(u.language, ''), :details::jsonb, :once, :now, :now
            from accounts.users u
            where u.id = :user and u.email_verified_at is not null and u.disabled_at is null
            on conflict (once) do nothing
            """)
            .param("id", UuidV7.at(clock.instant()))
            .param("user", userId)
            .param("kind", kind.wire())
            .param("details", StrictJson.text(details))
            .param("once", once)
            .param("now", Timestamps.of(clock.instant()))
            .update();
    if (stored > 0) {
      events.publishEvent(new MailEvent.Stored(kind));
    }
  }

  /**
   * Sends a mail to an address that has asked for it or that somebody has named. Does nothing if
   * the address got one of this kind just now, or many today and one that is still valid; or if the
   * user has sent many today.
   *
   * @param userId the user whom it concerns; null if there is none
   * @param language the language of whoever asks; empty for the user's own
   */
  public void send(@Nullable UUID userId, String address, MailKind kind, String language) {
    transaction.executeWithoutResult(
        status -> {
          // One request after the other, so that each sees the mails of those before it.
          database
              .sql("select pg_advisory_xact_lock(hashtextextended(:address || ' ' || :kind, 0))")
              .param("address", address)
              .param("kind", kind.wire())
              .query(row -> {});
          if (maySend(userId, address, kind)) {
            insert(userId, address, kind, language);
          }
        });
  }

  private boolean maySend(@Nullable UUID userId, String address, MailKind kind) {
    var now = clock.instant();
    return database
        .sql(
            """
            select count(*) filter (where m.created_at > :just_now) = 0
                   and (count(*) < :most or count(*) filter (where m.created_at > :valid) = 0)
                   and (:user::uuid is null or :most > (
                     select count(*) from accounts.mails o
                     where o.user_id = :user and o.kind = :kind and o.created_at > :yesterday))
            from accounts.mails m
            where m.address = :address and m.kind = :kind and m.created_at > :yesterday
            """)
        .param("user", userId)
        .param("address", address)
        .param("kind", kind.wire())
        .param("just_now", Timestamps.of(now.minus(BETWEEN)))
        .param("valid", Timestamps.of(now.minus(kind.life())))
        .param("yesterday", Timestamps.of(now.minus(Duration.ofDays(1))))
        .param("most", MOST_IN_A_DAY)
        .query(Boolean.class)
        .single();
  }

  /** Tells the owner of an address that the account had until now. */
  public void tellFormer(UUID userId, String address, MailKind kind) {
    insert(userId, address, kind, "");
  }

  private void insert(@Nullable UUID userId, String address, MailKind kind, String language) {
    var now = clock.instant();
    database
        .sql(
            """
            insert into accounts.mails (id, user_id, address, kind, language, details, next_at, created_at)
            values (:id, :user, :address, :kind,
                    coalesce(nullif(:language, ''), (select u.language from accounts.users u where u.id = :user), ''),
                    '[]', :now, :now)
            """)
        .param("id", UuidV7.at(now))
        .param("user", userId)
        .param("address", address)
        .param("kind", kind.wire())
        .param("language", language)
        .param("now", Timestamps.of(now))
        .update();
    events.publishEvent(new MailEvent.Stored(kind));
  }

  /** Sends no link of a user that is still waiting, inside the caller's transaction. */
  public void withdrawLinks(UUID userId) {
    database
        .sql(
            """
            update accounts.mails set ended_at = now(), fault = 'Withdrawn: the account has changed.'
            where user_id = ? and ended_at is null and kind = any (?)
            """)
        .params(userId, MailKind.withLink())
        .update();
  }

  /**
   * A mail as operators see it.
   *
   * @param text subject and body; null if a mail server has it, or if it is not sent yet
   */
  public record Row(
      UUID id,
      String address,
      MailKind kind,
      int attempts,
      Instant createdAt,
      @Nullable Instant endedAt,
      @Nullable String fault,
      @Nullable String text) {

    /** Returns {@code waiting}, {@code sent}, {@code shown} or {@code failed}. */
    public String state() {
      if (endedAt == null) {
        return "waiting";
      }
      return fault != null ? "failed" : text != null ? "shown" : "sent";
    }
  }

  /** Returns the newest mails, the newest first. */
  public List<Row> newest(int most) {
    return database
        // A newer version may have stored kinds that this one does not know.
        .sql("select * from accounts.mails where kind = any (?) order by id desc limit ?")
        .params(MailKind.known(), most)
        .query(
            (row, index) ->
                new Row(
                    row.getObject("id", UUID.class),
                    row.getString("address"),
                    MailKind.of(row.getString("kind")),
                    row.getInt("attempts"),
                    Timestamps.instant(row, "created_at"),
                    Timestamps.instantOrNull(row, "ended_at"),
                    row.getString("fault"),
                    row.getString("text")))
        .list();
  }
}
