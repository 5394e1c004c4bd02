package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExportTest {

  private static final String HASH = "sha512$$" + "0".repeat(128);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-24T10:00:00Z",
        "2026-11-24 10:00:00+00",
        "2026-11-24 12:00:00+0200",
        "2026-11-24 12:00:00.000+02:00",
        "2026-11-24 10:00:00"
      })
  void a_time_is_read_as_django_and_as_psql_write_it(String time) throws Exception {
    var row = row("prefix,hashed_key,created\nabcdefgh," + HASH + "," + time + "\n");

    assertThat(row.fault()).isEmpty();
    assertThat(row.created()).hasValue(Instant.parse("2026-11-24T10:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({"short,HASH,,prefix", "abcdefgh,argon2$x,,hashed_key", "abcdefgh,HASH,soon,time"})
  void what_cannot_be_imported_is_told(String prefix, String hash, String expiry, String about)
      throws Exception {
    var line =
        "%s,%s,%s".formatted(prefix, hash.replace("HASH", HASH), expiry == null ? "" : expiry);

    assertThat(row("prefix,hashed_key,expiry_date\n" + line + "\n").fault().orElseThrow())
        .contains(about);
  }

  @Test
  void the_json_of_django_is_read_too() throws Exception {
    var row =
        row(
            "[{\"pk\":\"x\",\"fields\":{\"prefix\":\"abcdefgh\",\"hashed_key\":\"%s\",\"revoked\":true,\"expiry_date\":null}}]"
                .formatted(HASH));

    assertThat(row.fault()).isEmpty();
    assertThat(row.revoked()).isTrue();
    assertThat(row.expires()).isEmpty();
    assertThat(row.scheme()).isEqualTo("sha512");
  }

  private KeyExport.Row row(String text) throws Exception {
    return KeyExport.read(Files.writeString(folder.resolve("keys"), text)).getFirst();
  }
}
