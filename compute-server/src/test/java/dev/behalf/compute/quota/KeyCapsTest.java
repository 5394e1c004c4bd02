package dev.behalf.compute.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.compute.quota.KeyCaps.Cap;
import dev.behalf.contract.ProblemCode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class KeyCapsTest {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
  private final KeyCaps caps = new KeyCaps(DATABASE.client(), now::get);
  private final UUID ada = DATABASE.newUser();

  @Test
  void a_key_that_was_not_used_today_has_its_whole_cap() {
    var key = key(ada, 10L);

    assertThat(caps.read(Set.of(key))).containsOnly(Map.entry(key, new Cap(10, 0)));
  }

  @Test
  void keys_without_a_cap_and_unknown_keys_are_absent() {
    var capped = key(ada, 10L);

    assertThat(caps.read(Set.of(key(ada, null), capped, new KeyCaps.Key(ada, "unknown"))))
        .containsOnlyKeys(capped);
  }

  @Test
  void the_key_of_another_user_has_no_cap_here() {
    var theirs = key(DATABASE.newUser(), 10L);

    assertThat(caps.read(Set.of(new KeyCaps.Key(ada, theirs.keyId())))).isEmpty();
  }

  @Test
  void charges_of_a_day_add_up_for_each_key() {
    var one = key(ada, 10L);
    var other = key(ada, 20L);

    caps.charge(Map.of(one, 3L));
    caps.charge(Map.of(one, 4L, other, 1L));

    assertThat(caps.read(Set.of(one, other)))
        .containsOnly(Map.entry(one, new Cap(10, 7)), Map.entry(other, new Cap(20, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
  void a_day_ends_at_midnight_utc_in_whichever_zone_the_server_is(String zone) {
    var before = TimeZone.getDefault();
    var key = key(ada, 10L);
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      now.set(Instant.parse("2026-11-24T23:59:59.999Z"));
      caps.charge(Map.of(key, 3L));
      assertThat(caps.read(Set.of(key))).containsEntry(key, new Cap(10, 3));

      now.set(Instant.parse("2026-11-25T00:00:00Z"));
      assertThat(caps.read(Set.of(key))).containsEntry(key, new Cap(10, 0));
      caps.charge(Map.of(key, 4L));
    } finally {
      TimeZone.setDefault(before);
    }

    assertThat(unitsOn("2026-11-24", key)).isEqualTo(3);
    assertThat(unitsOn("2026-11-25", key)).isEqualTo(4);
  }

  @Test
  void a_cap_that_was_lowered_below_the_use_is_read_as_it_is() {
    var key = key(ada, 10L);
    caps.charge(Map.of(key, 8L));
    DATABASE.sql("update accounts.api_keys set daily_cap = 5 where key_id = ?", key.keyId());

    assertThat(caps.read(Set.of(key))).containsEntry(key, new Cap(5, 8));
  }

  @Test
  void what_is_held_for_a_key_counts_as_used() {
    var key = key(ada, 10L);
    caps.charge(Map.of(key, 3L));
    DATABASE.sql("update compute.key_units set held = 4 where key_id = ?", key.keyId());

    assertThat(caps.read(Set.of(key))).containsEntry(key, new Cap(10, 7));
  }

  @Test
  void a_charge_is_undone_with_its_transaction() {
    var key = key(ada, 10L);
    DATABASE
        .transaction()
        .executeWithoutResult(
            status -> {
              caps.charge(Map.of(key, 3L));
              status.setRollbackOnly();
            });

    assertThat(caps.read(Set.of(key))).containsEntry(key, new Cap(10, 0));
  }

  @Test
  void no_keys_cost_no_statement() {
    var away = JdbcClient.create(new DriverManagerDataSource("jdbc:none"));
    var withoutDatabase = new KeyCaps(away, now::get);

    assertThat(withoutDatabase.read(Set.of())).isEmpty();
    assertThatCode(() -> withoutDatabase.charge(Map.of())).doesNotThrowAnyException();
  }

  @Test
  void a_refusal_names_the_cap() {
    assertThat(KeyCaps.reached(7).code()).isEqualTo(ProblemCode.KEY_CAP_REACHED);
    assertThat(KeyCaps.reached(7).detail()).startsWith("The daily cap of the key is 7 units");
  }

  private static KeyCaps.Key key(UUID user, @Nullable Long cap) {
    return new KeyCaps.Key(user, DATABASE.newKey(user, cap));
  }

  private static long unitsOn(String day, KeyCaps.Key key) {
    return DATABASE.number(
        "select units from compute.key_units where user_id = ? and key_id = ? and day = ?::date",
        key.userId(),
        key.keyId(),
        day);
  }
}
