package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.behalf.contract.StrictJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

  @ParameterizedTest
  @EnumSource
  void a_scope_is_found_by_its_wire_name_and_has_the_same_name_in_json(Scope scope) {
    assertThat(Scope.of(scope.wire())).isEqualTo(scope);
    assertThat(StrictJson.text(scope)).isEqualTo('"' + scope.wire() + '"');
  }

  @Test
  void the_wire_name_does_not_depend_on_the_language_of_the_server() {
    var before = Locale.getDefault();
    Locale.setDefault(Locale.of("tr"));
    try {
      assertThat(Scope.JOBS_WRITE.wire()).isEqualTo("jobs:write");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jobs", "JOBS_READ", "Jobs:Read", "jobs:read ", "jobs_read"})
  void only_the_exact_wire_name_is_a_scope(String other) {
    assertThatIllegalArgumentException().isThrownBy(() -> Scope.of(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs:read keys:write",
        "  keys:write\t\n jobs:read  ",
        "jobs:read jobs:read keys:write",
        "offline_access jobs:read JOBS:WRITE keys:write jobs:"
      })
  void scopes_are_read_in_any_order_and_spacing_and_unknown_words_are_left_out(String words) {
    assertThat(Scope.parse(words)).containsExactly(Scope.JOBS_READ, Scope.KEYS_WRITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "all *"})
  void no_known_word_gives_no_scope(String words) {
    assertThat(Scope.parse(words)).isEmpty();
  }

  @Test
  void every_set_of_scopes_survives_writing_and_reading_whatever_its_order() {
    var random = new Random(7);
    for (var scopes : everySet()) {
      var shuffled = new ArrayList<>(scopes);
      Collections.shuffle(shuffled, random);

      assertThat(Scope.format(shuffled)).isEqualTo(Scope.format(scopes));
      assertThat(Scope.parse(Scope.format(shuffled))).isEqualTo(scopes);
    }
  }

  @Test
  void the_intersection_is_never_wider_than_either_side() {
    var one = EnumSet.of(Scope.JOBS_READ, Scope.KEYS_READ);
    for (var other : everySet()) {
      var both = Scope.both(one, other);

      assertThat(one).containsAll(both);
      assertThat(other).containsAll(both);
      assertThat(both).as("order of the sides").isEqualTo(Scope.both(other, one));
    }
  }

  @Test
  void a_key_can_have_every_scope_but_those_of_operators_and_platforms() {
    var others = EnumSet.complementOf(EnumSet.copyOf(Scope.GRANTABLE));
    others.removeAll(Scope.OF_PLATFORMS);

    assertThat(Scope.both(Scope.GRANTABLE, Scope.OF_PLATFORMS))
        .as("also of platforms: their own webhooks")
        .containsExactly(Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE);
    assertThat(others).containsExactly(Scope.OPS_READ, Scope.OPS_WRITE);
  }

  @Test
  void a_platform_that_acts_has_only_what_a_key_can_have() {
    for (var scope : Scope.values()) {
      assertThat(scope.grants()).isSubsetOf(Scope.GRANTABLE);
    }
    assertThat(Scope.GRANTABLE).allMatch(scope -> scope.grants().isEmpty());
  }

  private static List<Set<Scope>> everySet() {
    var sets = new ArrayList<Set<Scope>>(List.of(EnumSet.noneOf(Scope.class)));
    for (var scope : Scope.values()) {
      for (var without : List.copyOf(sets)) {
        var with = EnumSet.of(scope);
        with.addAll(without);
        sets.add(with);
      }
    }
    return sets;
  }
}
