package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {

  @TempDir Path parent;

  @Test
  void a_new_folder_is_made_with_its_parents_for_its_owner_alone() throws Exception {
    var folder = parent.resolve("a/b/c");

    PrivateFolder.at(folder);

    assertThat(permissions(folder)).isEqualTo("rwx------");
  }

  @Test
  void an_open_folder_is_closed_and_keeps_its_files() throws Exception {
    var folder = Files.createDirectory(parent.resolve("open"));
    var file = Files.writeString(folder.resolve("file"), "text");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));

    PrivateFolder.at(folder);

    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(file).hasContent("text");
  }

  @Test
  void the_owner_gets_a_folder_back_that_was_closed_to_everybody() throws Exception {
    var folder = Files.createDirectory(parent.resolve("closed"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));

    PrivateFolder.at(folder);

    assertThat(permissions(folder)).isEqualTo("rwx------");
  }

  @Test
  void a_file_in_its_place_stays() throws Exception {
    var file = Files.writeString(parent.resolve("file"), "text");

    assertThatIOException().isThrownBy(() -> PrivateFolder.at(file));
    assertThat(file).hasContent("text");
  }

  private static String permissions(Path folder) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
