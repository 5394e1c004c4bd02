package dev.behalf.cli.profile;

import dev.behalf.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/** The saved sign-ins: one file for each profile, which only its owner can read. */
public final class Profiles {

  public static final String DEFAULT = "default";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String SUFFIX = ".properties";

  private final Path folder;

  private Profiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the profiles in the folder given by the XDG Base Directory Specification; a relative
   * {@code XDG_CONFIG_HOME} is ignored.
   */
  public static Profiles of(Map<String, String> variables) {
    var config = Path.of(variables.getOrDefault("XDG_CONFIG_HOME", ""));
    var home = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")));
    return new Profiles((config.isAbsolute() ? config : home.resolve(".config")).resolve("behalf"));
  }

  public Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Invalid profile name: use up to 64 letters, digits, dots, - and _, a letter or digit"
              + " first.");
    }
    return folder.resolve(name + SUFFIX);
  }

  public Optional<SignIn> read(String name) throws IOException {
    var file = file(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    refuseWhatOthersMayRead(file);
    var values = new Properties();
    try (var in = Files.newInputStream(file)) {
      values.load(in);
    }
    return Optional.of(
        new SignIn(
            ServerAddress.parse(values.getProperty("server", "")), values.getProperty("key", "")));
  }

  /** Saves a profile atomically, in a file that others can never read. */
  public Path save(String name, SignIn signIn) throws IOException {
    var file = file(name);
    var values = new Properties();
    values.setProperty("server", signIn.server().toString());
    values.setProperty("key", signIn.key());
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, only("rwx------"));
    }
    var next = Files.createTempFile(folder, ".", ".next", only("rw-------"));
    try {
      try (var out = Files.newOutputStream(next)) {
        values.store(out, "Anyone with this file can act for you. `behalf logout` deletes it.");
      }
      return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Removes a profile and returns whether it existed. */
  public boolean remove(String name) throws IOException {
    return Files.deleteIfExists(file(name));
  }

  /**
   * Rejects a file that others may access. A file system without POSIX permissions is not checked.
   */
  private static void refuseWhatOthersMayRead(Path file) throws IOException {
    if (isPosix(file)) {
      var open = Files.getPosixFilePermissions(file);
      open.removeAll(
          Set.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));
      if (!open.isEmpty()) {
        throw new NotSignedIn(
            "Others can read the key in " + file + ": revoke the key, or `chmod 600` the file.");
      }
    }
  }

  private FileAttribute<?>[] only(String permissions) {
    return isPosix(folder.toAbsolutePath().getRoot())
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
