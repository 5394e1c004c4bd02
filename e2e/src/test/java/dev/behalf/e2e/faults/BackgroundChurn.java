package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Keys are rotated and revoked, accounts end and quotas are lowered, at random. */
final class BackgroundChurn {

  private final Site site;
  private final List<Client> leaving;
  private final List<Client> poor;
  private final Random random;

  /**
   * Prepares it.
   *
   * @param leaving whose accounts end, one after the other
   * @param poor whose quotas are lowered
   */
  BackgroundChurn(Site site, List<Client> leaving, List<Client> poor, Random random) {
    this.site = site;
    this.leaving = new ArrayList<>(leaving);
    this.poor = poor;
    this.random = random;
  }

  /** One change, most likely to the key that workers use for one of the site's users. */
  void change() throws Exception {
    switch (random.nextInt(8)) {
      case 0 -> {
        if (!leaving.isEmpty()) {
          leaving
              .removeLast()
              .person()
              .form("/settings/deletion", Map.of("password", Client.PASSWORD));
        }
      }
      case 1 -> limit(any(poor), random.nextInt(60));
      case 2, 3, 4 -> change(any(site.users()), "rotation", "{\"overlap\":\"15m\"}");
      default -> change(any(site.users()), "revocation", "");
    }
  }

  /** Lets each of the poor use so much more. */
  void limitAll(int more) throws SQLException {
    for (var one : poor) {
      limit(one, more);
    }
  }

  private Client any(List<Client> people) {
    return people.get(random.nextInt(people.size()));
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
}
