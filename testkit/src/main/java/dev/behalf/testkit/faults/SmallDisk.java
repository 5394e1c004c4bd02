package dev.behalf.testkit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A disk of some megabytes in memory that tests can fill up, if the user may mount one. */
public final class SmallDisk implements AutoCloseable {

  private static final int PIECE = 64 * 1024;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  public static Optional<SmallDisk> mount(int megabytes) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("behalf-disk");
    var options = "size=" + megabytes + "m";
    if (run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) != 0) {
      Files.delete(folder);
      return Optional.empty();
    }
    return Optional.of(new SmallDisk(folder));
  }

  public Path folder() {
    return folder;
  }

  /** Fills the disk to the last byte. */
  public void fill() throws IOException {
    try (var filler = Files.newOutputStream(filler())) {
      for (int size = PIECE; size > 0; ) {
        try {
          filler.write(new byte[size]);
        } catch (IOException full) {
          size /= 2;
        }
      }
    }
  }

  public void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("umount", "-l", folder.toString());
    Files.deleteIfExists(folder);
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
