package dev.behalf.web.work.batches;

import dev.behalf.contract.WireName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The encoding of a file. A text in the wrong one would be computed and charged all the same. */
enum Encoding implements WireName {
  UTF_8,
  WINDOWS_1252;

  /** A file that can be read again. */
  interface File {
    InputStream open() throws IOException;
  }

  /**
   * Returns the encoding in which a file can be read: UTF-8, which other texts hardly ever match,
   * or else Windows-1252.
   *
   * @throws Lines.Unreadable if it can be read in neither
   */
  static Encoding detect(File file) throws IOException {
    try (var content = file.open()) {
      Utf8Check.refuseOtherKinds(content);
    }
    try {
      UTF_8.check(file);
      return UTF_8;
    } catch (Lines.Unreadable notUtf8) {
      try {
        WINDOWS_1252.check(file);
        return WINDOWS_1252;
      } catch (Lines.Unreadable neither) {
        throw notUtf8;
      }
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws Lines.Unreadable if it is not in this encoding, with the line
   */
  void check(File file) throws IOException {
    try (var content = file.open()) {
      switch (this) {
        case UTF_8 -> Utf8Check.check(content);
        case WINDOWS_1252 -> new Windows1252(content).transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** Returns the content of a file in UTF-8. */
  InputStream decoded(InputStream file) {
    return switch (this) {
      case UTF_8 -> file;
      case WINDOWS_1252 -> new Windows1252(file);
    };
  }
}
