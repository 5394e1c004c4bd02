package dev.behalf.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.behalf.client.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {

  private static final SignIn SIGN_IN =
      new SignIn(ServerAddress.parse("https://behalf.example.com"), "a=key:with#signs!");

  @TempDir Path home;
  private Profiles profiles;

  @BeforeEach
  void of() {
    profiles = Profiles.of(Map.of("HOME", home.toString()));
  }

  @Test
  void they_are_below_the_home_folder() {
    assertThat(profiles.file("work")).isEqualTo(home.resolve(".config/behalf/work.properties"));
  }

  @Test
  void they_are_in_the_folder_for_configurations_if_there_is_one() {
    var variables = Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", "/etc/mine");

    assertThat(Profiles.of(variables).file("work"))
        .isEqualTo(Path.of("/etc/mine/behalf/work.properties"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "./relative"})
  void a_folder_for_configurations_that_is_not_absolute_is_ignored(String folder) {
    var variables = Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", folder);

    assertThat(Profiles.of(variables).file("work")).isEqualTo(profiles.file("work"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "A.b-c_d", "a..b"})
  void a_name_begins_with_a_letter_or_a_digit(String name) {
    assertThat(profiles.file(name)).hasFileName(name + ".properties");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "-a", "_a", "a/b", "../a", "a b", "a\n", "夜"})
  void a_name_never_leads_out_of_the_folder(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> profiles.file(name))
        .withMessageStartingWith("Invalid profile name");
  }

  @Test
  void a_name_has_at_most_64_characters() {
    assertThat(profiles.file("a".repeat(64))).hasFileName("a".repeat(64) + ".properties");
    assertThatIllegalArgumentException().isThrownBy(() -> profiles.file("a".repeat(65)));
  }

  @Test
  void what_is_saved_is_read_again() throws Exception {
    profiles.save("work", SIGN_IN);

    assertThat(profiles.read("work")).hasValue(SIGN_IN);
    assertThat(profiles.read("other")).isEmpty();
  }

  @Test
  void a_later_sign_in_replaces_the_earlier_one() throws Exception {
    var later = new SignIn(ServerAddress.parse("http://localhost:8080"), "later");
    profiles.save("work", SIGN_IN);

    profiles.save("work", later);

    assertThat(profiles.read("work")).hasValue(later);
  }

  @Test
  void a_file_that_others_can_read_is_replaced_by_one_that_they_cannot() throws Exception {
    var file = profiles.save("work", SIGN_IN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    profiles.save("work", SIGN_IN);

    assertThat(profiles.read("work")).hasValue(SIGN_IN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-"})
  void a_key_that_others_may_touch_is_refused(String permissions) throws Exception {
    var file = profiles.save("work", SIGN_IN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatExceptionOfType(NotSignedIn.class)
        .isThrownBy(() -> profiles.read("work"))
        .withMessageContaining("chmod 600")
        .withMessageNotContaining(SIGN_IN.key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
  void the_owner_may_do_as_they_like(String permissions) throws Exception {
    var file = profiles.save("work", SIGN_IN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(profiles.read("work")).hasValue(SIGN_IN);
  }

  @Test
  void a_key_is_not_left_behind_when_it_cannot_be_saved() throws Exception {
    var inTheWay = Files.createDirectories(profiles.file("work"));
    Files.createFile(inTheWay.resolve("file"));

    assertThatIOException().isThrownBy(() -> profiles.save("work", SIGN_IN));
    try (var files = Files.list(inTheWay.getParent())) {
      assertThat(files).containsExactly(inTheWay);
    }
  }

  @Test
  void a_removed_profile_is_gone_and_the_others_are_not() throws Exception {
    profiles.save("work", SIGN_IN);
    profiles.save("home", SIGN_IN);

    assertThat(profiles.remove("work")).isTrue();
    assertThat(profiles.remove("work")).as("it was not there any more").isFalse();
    assertThat(profiles.read("work")).isEmpty();
    assertThat(profiles.read("home")).hasValue(SIGN_IN);
  }
}
