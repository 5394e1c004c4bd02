package dev.behalf.web.work.batches;

import dev.behalf.contract.WireName;

/** The reasons why a file, or a line of it, cannot be read. */
enum Misread implements WireName {
  CELLS("The line has %s cells, the heading %s."),
  QUOTE("Malformed CSV: a quote is in the wrong place."),
  UNCLOSED("The quote that opens here is not closed. The rest of the file was not read."),
  OBJECT("Write a JSON object with \"operation\" and its input."),
  OPERATION("Unknown operation: set \"operation\" to one that you may run."),
  NOT_UTF8("The line is not UTF-8: save the file in UTF-8."),
  LONG_LINE("The line is longer than 512 KiB: split its text into several jobs."),
  LONG_FILE("A file can have at most 100 MiB. The rest of the file was not read."),
  MANY_LINES("A file can have at most %s jobs. The rest of the file was not read."),

  HEADING("The first line must name the columns: operation, and the properties of its input."),
  SEMICOLONS("The cells are separated by semicolons: separate them by commas."),
  TWICE("The first line names the column \"%s\" twice."),
  MANY_COLUMNS("The file has more than %s columns: remove those that the jobs do not need."),
  LINE_NOT_UTF8("Line %s is not UTF-8: save the file in that encoding."),
  LINE_NOT_WINDOWS_1252("Line %s is not Windows-1252: save the file in UTF-8."),
  UTF_16("The file is UTF-16: save it in UTF-8."),
  WORKBOOK("The file is a workbook or an archive: save it as CSV in UTF-8.");

  private final String sentence;

  Misread(String sentence) {
    this.sentence = sentence;
  }

  /** Returns the sentence in English, with a {@code %s} for each value. */
  String sentence() {
    return sentence;
  }
}
