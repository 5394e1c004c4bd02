package dev.behalf.web.work.operations;

/** What became of a file of definitions, for the log. */
public sealed interface OperationEvent {

  /** A definition is in use, perhaps since before. */
  record Applied(String name, int version, String file) implements OperationEvent {}

  /** A file was skipped; an earlier version of its operation stays in use. */
  record Rejected(String file, String reason) implements OperationEvent {}
}
