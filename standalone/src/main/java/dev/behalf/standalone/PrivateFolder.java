package dev.behalf.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder with everything that one installation keeps: nobody else looks or reaches into it. */
final class PrivateFolder {

  private PrivateFolder() {}

  /** Makes it, or closes it to others where it was open: what is in it is then closed as well. */
  static void at(Path folder) throws IOException {
    Files.createDirectories(folder);
    var view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
  }
}
