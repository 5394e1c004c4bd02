package dev.behalf.web.identity.accounts;

import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.crypto.LinkTokens;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.MailLinkSource;
import dev.behalf.web.site.mail.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The links that mails lead to. Only the hash of a link's token is stored. A link is used once,
 * until it expires.
 */
@Component
class MailLinks implements MailLinkSource {

  private final JdbcClient database;
  private final Outbox outbox;
  private final InstantSource clock;

  MailLinks(JdbcClient database, Outbox outbox, InstantSource clock) {
    this.database = database;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * What a link is about.
   *
   * @param userId the user; null for somebody who has no account yet
   * @param address the address that got the mail
   */
  record Link(MailKind kind, @Nullable UUID userId, String address) {}

  @Override
  public String issue(MailKind kind, @Nullable UUID userId, String address) {
    var token = LinkTokens.next();
    database
        .sql(
            """
            insert into accounts.mail_links (hash, kind, user_id, address, expires_at)
            values (:hash, :kind, :user, :address, :expires)
            """)
        .param("hash", LinkTokens.hash(token))
        .param("kind", kind.wire())
        .param("user", userId)
        .param("address", address)
        .param("expires", Timestamps.of(clock.instant().plus(kind.life())))
        .update();
    return token;
  }

  /** Returns what a link is about, if it is valid and of one of these kinds. */
  Optional<Link> find(String token, Set<MailKind> kinds) {
    return database
        .sql(
            """
            select kind, user_id, address from accounts.mail_links
            where hash = ? and kind = any (?) and expires_at > ?
            """)
        .params(LinkTokens.hash(token), wires(kinds), Timestamps.of(clock.instant()))
        .query(MailLinks::link)
        .optional();
  }

  /**
   * Uses a link, inside the caller's transaction. Other links of the same kinds to the same address
   * end with it.
   */
  Optional<Link> use(String token, Set<MailKind> kinds) {
    var used =
        database
            .sql(
                """
                delete from accounts.mail_links where hash = ? and kind = any (?) and expires_at > ?
                returning kind, user_id, address
                """)
            .params(LinkTokens.hash(token), wires(kinds), Timestamps.of(clock.instant()))
            .query(MailLinks::link)
            .optional();
    used.ifPresent(
        link ->
            database
                .sql("delete from accounts.mail_links where address = ? and kind = any (?)")
                .params(link.address(), wires(kinds))
                .update());
    return used;
  }

  /** Ends all links of a user, also those not sent yet, inside the caller's transaction. */
  void endAll(UUID userId) {
    outbox.withdrawLinks(userId);
    database.sql("delete from accounts.mail_links where user_id = ?").param(userId).update();
  }

  @Scheduled(fixedDelayString = "10m")
  void removeOld() {
    database
        .sql("delete from accounts.mail_links where expires_at < ?")
        .param(Timestamps.of(clock.instant()))
        .update();
  }

  private static String[] wires(Set<MailKind> kinds) {
    return kinds.stream().map(MailKind::wire).toArray(String[]::new);
  }

  private static Link link(ResultSet row, int index) throws SQLException {
    return new Link(
        MailKind.of(row.getString("kind")),
        row.getObject("user_id", UUID.class),
        row.getString("address"));
  }
}
