package dev.behalf.standalone;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.database.Roles;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/**
 * The secrets of one installation, generated at the first start and kept in a file that only its
 * owner can read.
 */
final class SecretFile {

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String ROLE_PREFIX = "role-prefix";

  private final Path file;
  private final Properties values = new Properties();

  SecretFile(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      try (var in = Files.newInputStream(file)) {
        values.load(in);
      }
    } else {
      make();
      save();
    }
  }

  /** Writes the file atomically: half a file would lose every secret. */
  private void save() throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(next, OWNER_ONLY);
    try (var channel = FileChannel.open(next, StandardOpenOption.WRITE);
        var out = Channels.newOutputStream(channel)) {
      values.store(out, "Secrets of this Behalf. Anyone with this file can act for every user.");
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Adds a new master key before the existing ones and returns its id. */
  int addMasterKey() throws IOException {
    var ring = get("master");
    var id = Integer.parseInt(ring.substring(0, ring.indexOf(':'))) + 1;
    values.setProperty("master", id + ":" + random32() + "," + ring);
    save();
    return id;
  }

  private void make() {
    for (var password : new String[] {"postgres", "broker", "owner", "web", "compute"}) {
      values.setProperty(password, ApiKeyFormat.generate(Environment.LIVE).secret());
    }
    for (var ring : new String[] {"peppers", "messages", "lookups", "master"}) {
      values.setProperty(ring, "1:" + random32());
    }
  }

  String get(String name) {
    return values.getProperty(name, "");
  }

  Roles roles() {
    return Roles.named(get(ROLE_PREFIX), get("owner"), get("web"), get("compute"));
  }

  /**
   * Sets the role prefix for good: with another one, the installation would lose the roles that it
   * has created.
   */
  void usePrefix(String prefix) throws IOException {
    if (values.containsKey(ROLE_PREFIX)) {
      if (!get(ROLE_PREFIX).equals(prefix)) {
        throw new UserError(
            "The roles of this installation begin with \"%s\": --role-prefix cannot be changed."
                .formatted(get(ROLE_PREFIX)));
      }
      return;
    }
    // Once saved, a prefix cannot be changed.
    Roles.requirePrefix(prefix);
    values.setProperty(ROLE_PREFIX, prefix);
    save();
  }

  private static String random32() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
