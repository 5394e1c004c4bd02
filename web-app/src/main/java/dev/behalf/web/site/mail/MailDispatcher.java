package dev.behalf.web.site.mail;

import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.problem.Problems;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends the mails that are due, in any replica, on a thread of its own, since a mail server can be
 * slow. A mail is leased for each attempt: if the process dies, another one sends it, so that a
 * mail can come twice but is not lost. Without a mail server, its text is kept for a day, for
 * operators to pass on.
 */
@Component
class MailDispatcher implements SmartLifecycle {

  /** Longest wait for a mail that is due again, or that another replica has stored. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Longest wait for an attempt under way when this process ends; then the mail is sent again. */
  private static final Duration TO_END = Duration.ofSeconds(15);

  /** Pauses before the next attempts; after the last one, that again. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6));

  private static final int MAX_FAULT = 250;

  private static final Duration KEPT = Duration.ofDays(30);

  private static final String LEASE =
      """
      update accounts.mails m set next_at = now() + interval '5 minutes', attempts = m.attempts + 1
      from (select id from accounts.mails
            where ended_at is null and next_at <= now() and kind = any (?)
            order by next_at limit 1 for update skip locked) due
      where m.id = due.id
      returning m.id, m.user_id, m.address, m.kind, m.language, m.details, m.attempts, m.created_at
      """;

  private final JdbcClient database;
  private final MailServer server;
  private final MailText texts;
  private final MailLinkSource links;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;
  private final BackgroundLoop loop = new BackgroundLoop("mails", this::turn);

  MailDispatcher(
      JdbcClient database,
      MailServer server,
      MailText texts,
      MailLinkSource links,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.server = server;
    this.texts = texts;
    this.links = links;
    this.events = events;
    this.clock = clock;
  }

  @EventListener
  void on(MailEvent.Stored event) {
    loop.wakeAfterCommit();
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void stop() {
    loop.stop(TO_END);
  }

  /** Stops in parallel with other components, since a mail server can be slow. */
  @Override
  public void stop(Runnable done) {
    Thread.ofVirtual()
        .start(
            () -> {
              stop();
              done.run();
            });
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }

  private void turn() {
    try {
      var due = lease();
      if (due.isEmpty()) {
        loop.isWokenWithin(POLL);
      } else {
        attempt(due.get());
      }
    } catch (RuntimeException failed) {
      events.publishEvent(new MailEvent.Disturbed(failed.getClass().getSimpleName()));
      loop.isWokenWithin(POLL);
    }
  }

  private Optional<Mail> lease() {
    return database
        .sql(LEASE)
        .param(MailKind.known())
        .query(
            (row, index) ->
                new Mail(
                    row.getObject("id", UUID.class),
                    row.getObject("user_id", UUID.class),
                    row.getString("address"),
                    MailKind.of(row.getString("kind")),
                    row.getString("language"),
                    StrictJson.MAPPER
                        .readerForListOf(String.class)
                        .readValue(row.getString("details")),
                    row.getInt("attempts"),
                    Timestamps.instant(row, "created_at")))
        .optional();
  }

  private void attempt(Mail mail) {
    if (mail.createdAt().plus(mail.kind().life()).isBefore(clock.instant())) {
      end(mail, null, "No attempt succeeded in time.");
      events.publishEvent(new MailEvent.GivenUp(mail.id(), mail.kind()));
      return;
    }
    if (mail.kind() == MailKind.RESET_PASSWORD && mail.userId() == null) {
      // Stored all the same, so that the answer takes as long for an unknown address.
      end(mail, null, "There is no such account.");
      return;
    }
    try {
      var rendered = texts.render(mail, server.site(), link(mail));
      if (server.isConfigured()) {
        server.send(mail.address(), rendered);
        end(mail, null, null);
        events.publishEvent(new MailEvent.Sent(mail.id(), mail.kind()));
      } else {
        end(mail, rendered.subject() + "\n\n" + rendered.body(), null);
        events.publishEvent(new MailEvent.Shown(mail.id(), mail.kind()));
      }
    } catch (RuntimeException failed) {
      if (Problems.isTransient(failed)) {
        throw failed;
      }
      postpone(mail, failed);
    }
  }

  private String link(Mail mail) {
    var path = mail.kind().path();
    return path == null
        ? ""
        : server.site()
            + path
            + "?token="
            + links.issue(mail.kind(), mail.userId(), mail.address());
  }

  private void postpone(Mail mail, RuntimeException failed) {
    var pause = PAUSES.get(Math.min(mail.attempts(), PAUSES.size()) - 1);
    database
        .sql("update accounts.mails set next_at = ?, fault = ? where id = ? and ended_at is null")
        .params(Timestamps.of(clock.instant().plus(pause)), reason(failed), mail.id())
        .update();
    events.publishEvent(
        new MailEvent.AttemptFailed(mail.id(), mail.kind(), failed.getClass().getSimpleName()));
  }

  private void end(Mail mail, @Nullable String text, @Nullable String fault) {
    database
        .sql(
            """
            update accounts.mails set ended_at = now(), text = :text, fault = :fault, details = '[]'
            where id = :id and ended_at is null
            """)
        .param("text", text)
        .param("fault", fault)
        .param("id", mail.id())
        .update();
  }

  /** Returns what the innermost cause says: the mail server's own words. */
  private static String reason(RuntimeException failed) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return StorableText.shortened(
        Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()),
        MAX_FAULT);
  }

  /** Removes texts after a day, and mails after 30 days. */
  @Scheduled(fixedDelayString = "10m")
  void clean() {
    database
        .sql(
            "update accounts.mails set text = null where text is not null and ended_at < now() - interval '1 day'")
        .update();
    database
        .sql("delete from accounts.mails where id < ?")
        .param(UuidV7.first(clock.instant().minus(KEPT)))
        .update();
  }
}
