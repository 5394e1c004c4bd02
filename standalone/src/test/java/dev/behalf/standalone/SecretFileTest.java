package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.behalf.database.DatabaseRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {

  private static final String[] ALL = {
    "postgres", "broker", "owner", "web", "compute", "peppers", "messages", "lookups", "master"
  };

  @TempDir Path folder;
  private Path file;
  private SecretFile secrets;

  @BeforeEach
  void create() throws Exception {
    file = folder.resolve("secrets.properties");
    secrets = new SecretFile(file);
  }

  @Test
  void only_the_owner_may_read_it() throws Exception {
    assertPrivate();
  }

  @Test
  void no_two_secrets_are_the_same_and_none_is_that_of_another_installation() throws Exception {
    var other = new SecretFile(folder.resolve("other.properties"));
    var seen = new HashSet<String>();
    for (var name : ALL) {
      assertThat(seen.add(secrets.get(name))).as(name).isTrue();
      assertThat(seen.add(other.get(name))).as(name + " of the other").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"peppers", "messages", "lookups", "master"})
  void a_ring_starts_with_one_key_of_256_bits(String ring) {
    assertThat(secrets.get(ring)).startsWith("1:");
    assertThat(Base64.getDecoder().decode(secrets.get(ring).substring(2))).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "broker", "owner", "web", "compute"})
  void a_password_needs_no_quoting_anywhere(String password) {
    assertThat(secrets.get(password)).matches("[0-9A-Za-z]{22,}");
  }

  @Test
  void secrets_stay_the_same_from_start_to_start() throws Exception {
    var later = new SecretFile(file);

    for (var name : ALL) {
      assertThat(later.get(name)).as(name).isEqualTo(secrets.get(name));
    }
  }

  @Test
  void a_secret_that_an_older_version_did_not_make_is_empty() {
    assertThat(secrets.get("of a later version")).isEmpty();
  }

  @Test
  void a_new_master_key_goes_before_the_old_ones_and_opens_nothing_yet() throws Exception {
    var first = secrets.get("master");

    assertThat(secrets.addMasterKey()).isEqualTo(2);
    var second = secrets.get("master");
    assertThat(second).matches("2:[^,]{44},1:[^,]{44}").endsWith("," + first);
    assertThat(secrets.addMasterKey()).isEqualTo(3);
    assertThat(secrets.get("master")).startsWith("3:").endsWith("," + second);
  }

  @Test
  void a_new_master_key_is_there_after_a_restart_and_the_file_is_still_private() throws Exception {
    secrets.addMasterKey();

    assertThat(new SecretFile(file).get("master")).isEqualTo(secrets.get("master"));
    assertThat(new SecretFile(file).get("owner")).isEqualTo(secrets.get("owner"));
    assertPrivate();
  }

  @Test
  void what_a_crash_left_half_written_is_neither_read_nor_in_the_way() throws Exception {
    var half = Files.writeString(folder.resolve("secrets.properties.next"), "master=");

    assertThat(new SecretFile(file).get("master")).isEqualTo(secrets.get("master"));
    assertThat(secrets.addMasterKey()).isEqualTo(2);
    assertThat(half).doesNotExist();
    assertPrivate();
  }

  @Test
  void a_file_that_cannot_be_read_is_not_made_anew() throws Exception {
    Files.delete(file);
    Files.createDirectory(file);

    assertThatIOException().isThrownBy(() -> new SecretFile(file));
    assertThat(file).isEmptyDirectory();
  }

  @Test
  void roles_have_their_usual_names_without_a_prefix() {
    assertThat(secrets.roles().owner().name()).isEqualTo("behalf_owner");
    assertThat(secrets.roles().web().password()).isEqualTo(secrets.get("web"));
  }

  @Test
  void a_prefix_is_kept() throws Exception {
    secrets.usePrefix("staging_");

    assertThat(new SecretFile(file).roles().compute().name()).isEqualTo("staging_behalf_compute");
  }

  @Test
  void a_prefix_may_be_given_again_but_not_changed() throws Exception {
    secrets.usePrefix("staging_");

    secrets.usePrefix("staging_");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> secrets.usePrefix("other_"))
        .withMessageContaining("begin with \"staging_\"");
    assertThat(secrets.roles().owner().name()).isEqualTo("staging_behalf_owner");
  }

  @Test
  void a_prefix_that_no_role_can_have_is_refused_and_not_kept() throws Exception {
    assertThatExceptionOfType(DatabaseRefused.class)
        .isThrownBy(() -> secrets.usePrefix("Bad-Prefix"));

    secrets.usePrefix("staging_");
    assertThat(secrets.roles().owner().name()).isEqualTo("staging_behalf_owner");
  }

  private void assertPrivate() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
