package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys are rotated and revoked, accounts deleted and quotas lowered while jobs run. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final String PASSWORD = "correct horse battery staple";

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(List.of(), Map.of());
  }

  @Test
  void keys_accounts_and_quotas_change() throws Exception {
    var leaving = people(5);
    var poor = people(5);
    var goesOn = new AtomicBoolean(true);
    try (var loadOfLeaving = Load.whilst(leaving, "leaving", 20, goesOn::get);
        var loadOfPoor = Load.whilst(poor, "poor", 50, goesOn::get)) {
      Trial.asSet(site)
          .run(
              "random rotations, revocations, deletions and quotas, " + LENGTH.toSeconds() + " s",
              () -> {
                change(leaving, poor);
                goesOn.set(false);
                return Instant.now();
              });
      loadOfLeaving.finish();
      // Nobody is owed a success here; what was accepted has ended, and what succeeded was charged.
      var accepted = loadOfPoor.finish().stream().filter(Told::isAccepted).toList();
      try (var database = site.system().database()) {
        var audit = Audit.of(database, accepted);
        System.out.println("under a quota: " + audit);
        assertThat(audit.known()).isEqualTo(accepted.size());
        assertThat(audit.succeeded() + audit.failed()).isEqualTo(accepted.size());
        assertThat(audit.charges()).isEqualTo(audit.succeeded());
        assertThat(audit.failed()).isPositive();
      }
    }
  }

  private void change(List<Client> leaving, List<Client> poor) throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var left = new ArrayList<>(leaving);
    var end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end) {
      switch (random.nextInt(8)) {
        case 0 -> {
          if (!left.isEmpty()) {
            left.removeLast().person().form("/settings/deletion", Map.of("password", PASSWORD));
          }
        }
        case 1 -> limit(poor.get(random.nextInt(poor.size())), random.nextInt(60));
        case 2, 3, 4 -> change(any(random), "rotation", "{\"overlap\":\"15m\"}");
        default -> change(any(random), "revocation", "");
      }
      Pause.of(Duration.ofMillis(random.nextInt(200)));
    }
    for (var one : poor) {
      limit(one, 40);
    }
  }

  private Client any(Random random) {
    return site.users().get(random.nextInt(site.users().size()));
  }

  /** Of the key that workers use for this user now. */
  private void change(Client user, String resource, String body) throws Exception {
    var answer =
        user.person()
            .post(
                "/api/v1/keys/" + managedKey(user.userId()) + "/" + resource,
                body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
  }

  private String managedKey(UUID user) throws SQLException {
    try (var database = site.system().database();
        var statement =
            database.prepareStatement(
                """
                select key_id from accounts.api_keys
                where user_id = ? and kind = 'managed' and environment = 'live'
                  and revoked_at is null and overlap_until is null
                order by created_at desc limit 1
                """)) {
      statement.setObject(1, user);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** As an operator does. Never below what is used. */
  private void limit(Client user, int more) throws SQLException {
    try (var database = site.system().database();
        var statement =
            database.prepareStatement(
                "update compute.quota set limit_units = used + ? where user_id = ?")) {
      statement.setInt(1, more);
      statement.setObject(2, user.userId());
      statement.executeUpdate();
    }
  }

  private List<Client> people(int count) throws Exception {
    var people = new ArrayList<Client>();
    for (int i = 0; i < count; i++) {
      people.add(Client.signUp(site.system().web()));
    }
    return people;
  }
}
