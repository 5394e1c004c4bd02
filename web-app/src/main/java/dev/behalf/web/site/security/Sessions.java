package dev.behalf.web.site.security;

import dev.behalf.contract.Sha256;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The sessions of users. A session's own id never leaves its cookie; elsewhere a digest identifies
 * the session.
 */
@Component
public class Sessions {

  private static final String FROM_ADDRESS = "behalf.address";
  private static final String FROM_AGENT = "behalf.user_agent";

  /** Earlier sign-ins among which a browser is looked for. */
  private static final int REMEMBERED = 50;

  private final FindByIndexNameSessionRepository<? extends Session> sessions;
  private final AuditLog audit;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final JdbcClient database;
  private final InstantSource clock;
  private final Duration age;

  Sessions(
      FindByIndexNameSessionRepository<? extends Session> sessions,
      AuditLog audit,
      Outbox outbox,
      TransactionTemplate transaction,
      JdbcClient database,
      InstantSource clock,
      @Value("${behalf.session-age}") Duration age) {
    this.database = database;
    this.clock = clock;
    this.age = age;
    this.sessions = sessions;
    this.audit = audit;
    this.outbox = outbox;
    this.transaction = transaction;
  }

  /** A session in one browser. */
  public record Open(
      String handle,
      Instant since,
      Instant lastSeen,
      @Nullable String address,
      @Nullable String userAgent,
      boolean isThis) {

    /** Returns the browser and its system, such as "Chrome on Linux"; null if unknown. */
    public @Nullable String browser() {
      return Browser.name(userAgent);
    }
  }

  /** Records in a new session where it comes from, and its start in the audit log. */
  public void began(UUID userId, HttpServletRequest request) {
    var client = ApiKeyAuthenticator.client(request);
    var session = request.getSession();
    session.setAttribute(FROM_ADDRESS, client.address());
    session.setAttribute(FROM_AGENT, client.userAgent());
    transaction.executeWithoutResult(
        status -> {
          tellIfNew(userId, client);
          audit.write(
              userId,
              new Actor("session", client.address(), client.userAgent()),
              "session.began",
              null,
              Map.of());
        });
  }

  /** Tells the user of a sign-in with a browser that the account has not seen of late. */
  private void tellIfNew(UUID userId, KeyCheck.Client client) {
    var known =
        database
            .sql(
                """
                select user_agent from accounts.audit_log
                where user_id = ? and action = 'session.began' order by id desc limit ?
                """)
            .params(userId, REMEMBERED)
            .query((row, index) -> Objects.toString(Browser.name(row.getString("user_agent")), ""))
            .list();
    var browser = Objects.toString(Browser.name(client.userAgent()), "");
    if (!known.isEmpty() && !known.contains(browser)) {
      outbox.tell(
          userId,
          MailKind.NEW_SIGN_IN,
          List.of(
              browser.isEmpty() ? "–" : browser,
              Objects.toString(client.address(), "–"),
              clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()),
          null);
    }
  }

  /** Returns a user's sessions, last used first. */
  public List<Open> list(UUID userId, String currentId) {
    return find(userId).values().stream()
        .map(session -> open(session, currentId))
        .sorted(Comparator.comparing(Open::lastSeen).reversed())
        .toList();
  }

  /** Ends one of the user's sessions, by its handle. */
  public void end(UUID userId, String handle, Actor actor) {
    find(userId).keySet().stream()
        .filter(id -> handle(id).equals(handle))
        .forEach(id -> endOne(userId, id, actor));
  }

  public void endOthers(UUID userId, String currentId, Actor actor) {
    find(userId).keySet().stream()
        .filter(id -> !id.equals(currentId))
        .forEach(id -> endOne(userId, id, actor));
  }

  public void endAll(UUID userId) {
    find(userId).keySet().forEach(sessions::deleteById);
  }

  /** Returns those of the ids whose session has ended. */
  public Set<String> ended(Set<String> ids) {
    return Set.copyOf(
        database
            .sql(
                """
                select id from unnest(:ids::text[]) as asked (id)
                where not exists (select from accounts.spring_session s where s.session_id = asked.id
                                    and s.expiry_time > :now and s.creation_time > :oldest)
                """)
            .param("ids", ids.toArray(String[]::new))
            .param("now", clock.millis())
            .param("oldest", clock.instant().minus(age).toEpochMilli())
            .query((row, index) -> row.getString("id"))
            .list());
  }

  private Map<String, ? extends Session> find(UUID userId) {
    return sessions.findByPrincipalName(userId.toString());
  }

  private void endOne(UUID userId, String id, Actor actor) {
    sessions.deleteById(id);
    transaction.executeWithoutResult(
        status -> audit.write(userId, actor, "session.ended", handle(id), Map.of()));
  }

  private static Open open(Session session, String currentId) {
    return new Open(
        handle(session.getId()),
        session.getCreationTime(),
        session.getLastAccessedTime(),
        Objects.toString(session.getAttribute(FROM_ADDRESS), null),
        Objects.toString(session.getAttribute(FROM_AGENT), null),
        session.getId().equals(currentId));
  }

  private static String handle(String id) {
    return HexFormat.of().formatHex(Sha256.of(id), 0, 8);
  }
}
