package dev.behalf.standalone;

import dev.behalf.operation.BadDefinition;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with the definition of an operation, as it is written and as it is read. */
record DefinitionFile(String yaml, Definition definition) {

  /**
   * Reads a file.
   *
   * @throws UserError with the file, the line and what to change
   */
  static DefinitionFile read(Path file) throws IOException {
    try {
      var yaml = Files.readString(file);
      return new DefinitionFile(yaml, Definitions.read(yaml));
    } catch (BadDefinition bad) {
      throw new UserError(file + ": " + bad.sentence());
    } catch (CharacterCodingException notUtf8) {
      throw new UserError(file + " is not UTF-8: convert it to UTF-8.");
    }
  }
}
