package dev.behalf.web.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class UuidV7Test {

  private static final long LAST = (1L << 47) - 2;

  @Property
  void an_id_is_of_version_7_and_holds_its_time(@ForAll @LongRange(max = LAST) long millis) {
    var id = UuidV7.at(Instant.ofEpochMilli(millis));

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis);
  }

  @Property
  void an_id_sorts_between_the_first_of_its_millisecond_and_of_the_next(
      @ForAll @LongRange(max = LAST) long millis) {
    var id = UuidV7.at(Instant.ofEpochMilli(millis)).toString();

    assertThat(id)
        .isGreaterThanOrEqualTo(first(millis).toString())
        .isLessThan(first(millis + 1).toString());
  }

  @Test
  void the_first_id_of_a_millisecond_has_no_random_bits() {
    assertThat(first(Instant.parse("2026-11-24T10:00:00.123Z").toEpochMilli()))
        .isEqualTo(first(Instant.parse("2026-11-24T10:00:00.123999Z").toEpochMilli()))
        .hasToString("01a20cff-7d7b-7000-8000-000000000000");
  }

  private static UUID first(long millis) {
    return UuidV7.first(Instant.ofEpochMilli(millis));
  }
}
